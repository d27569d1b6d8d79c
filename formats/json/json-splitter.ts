/**
 * Cuts a JSON document into pieces while its bytes arrive, without building it. The document is either an object whose
 * members are cut out whole, lists element by element, or a bare list (its member name is then empty). Whoever reads
 * gigabytes on one line holds one element at a time.
 *
 * Only the outermost grammar is checked here; the inside of a piece is checked by who parses it.
 */
export interface JsonPiece {
  /** Name of the top-level member, empty for a bare list. */
  readonly member: string;
  /** Position in the member's list, -1 where the member is no list. */
  readonly index: number;
  /** Position of the first byte in the file. */
  readonly offset: number;
  readonly bytes: Buffer;
}

/** What is wrong with the outermost grammar, and where. */
export class JsonSyntaxProblem extends Error {
  constructor(
    readonly offset: number,
    readonly expected: string,
  ) {
    super(`byte ${offset}: expected ${expected}`);
  }
}

enum Phase {
  Start,
  KeyOrEnd,
  Key,
  Colon,
  Value,
  ElementOrEnd,
  CommaOrEnd,
  Inside,
  Scalar,
  Done,
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isScalarEnd = (byte: number): boolean =>
  byte === comma || byte === closeList || byte === closeObject || isSpace(byte);
const isScalarByte = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte === 0x2d;

/** Takes chunks of bytes by `push` and gives the pieces that are complete; `end` checks that nothing is missing. */
export class JsonSplitter {
  private phase: Phase = Phase.Start;
  private member = '';
  private index = -1;
  private inList = false;
  private isBareList = false;
  private needsMore = false;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private parts: Buffer[] = [];
  private from = -1;
  private pieceOffset = 0;
  private consumed = 0;
  private pieces: JsonPiece[] = [];

  /** Names of the members met so far. */
  readonly members = new Set<string>();

  /** Takes the next bytes and gives the pieces that end in them. Throws `JsonSyntaxProblem`. */
  push(chunk: Buffer): readonly JsonPiece[] {
    this.pieces = [];
    if (this.phase >= Phase.Inside && this.phase !== Phase.Done) this.from = 0;
    if (this.phase === Phase.Key) this.from = 0;
    let at = this.consumed === 0 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0;
    while (at < chunk.length) {
      if (this.phase === Phase.Inside) at = this.insideValue(chunk, at);
      else if (this.phase === Phase.Scalar) at = this.insideScalar(chunk, at);
      else if (this.phase === Phase.Key) at = this.insideKey(chunk, at);
      else at = this.between(chunk, at);
    }
    if (this.from >= 0) this.parts.push(chunk.subarray(this.from));
    this.from = -1;
    this.consumed += chunk.length;
    return this.pieces;
  }

  /** Call after the last byte. Throws `JsonSyntaxProblem` when the document is not complete. */
  end(): void {
    if (this.phase !== Phase.Done) throw new JsonSyntaxProblem(this.consumed, `more of the document: it is cut short`);
  }

  private between(chunk: Buffer, at: number): number {
    const byte = chunk[at] as number;
    if (isSpace(byte)) return at + 1;
    switch (this.phase) {
      case Phase.Start:
        return this.start(byte, at);
      case Phase.KeyOrEnd:
        return this.keyOrEnd(byte, at);
      case Phase.Colon:
        if (byte !== colon) this.fail(at, '":"');
        this.phase = Phase.Value;
        return at + 1;
      case Phase.Value:
        return this.value(byte, at);
      case Phase.ElementOrEnd:
        return this.elementOrEnd(byte, at);
      case Phase.CommaOrEnd:
        return this.commaOrEnd(byte, at);
      default:
        return this.fail(at, 'the end of the file');
    }
  }

  private start(byte: number, at: number): number {
    if (byte !== openObject && byte !== openList) this.fail(at, 'a JSON object or list');
    this.isBareList = byte === openList;
    if (this.isBareList) this.openList();
    else this.phase = Phase.KeyOrEnd;
    return at + 1;
  }

  private keyOrEnd(byte: number, at: number): number {
    if (byte === closeObject && !this.needsMore) return this.close(at);
    if (byte !== quote) this.fail(at, 'a member name in quotes');
    this.needsMore = false;
    this.begin(at, Phase.Key);
    return at + 1;
  }

  private value(byte: number, at: number): number {
    this.members.add(this.member);
    if (byte !== openList) return this.beginValue(byte, at);
    this.openList();
    return at + 1;
  }

  private openList(): void {
    this.members.add(this.member);
    this.inList = true;
    this.index = -1;
    this.phase = Phase.ElementOrEnd;
  }

  private elementOrEnd(byte: number, at: number): number {
    if (byte === closeList && !this.needsMore) return this.closeListAt(at);
    this.needsMore = false;
    this.index += 1;
    return this.beginValue(byte, at);
  }

  private commaOrEnd(byte: number, at: number): number {
    if (byte === comma) {
      this.needsMore = true;
      this.phase = this.inList ? Phase.ElementOrEnd : Phase.KeyOrEnd;
      return at + 1;
    }
    if (byte === closeList && this.inList) return this.closeListAt(at);
    if (byte === closeObject && !this.inList) return this.close(at);
    return this.fail(at, this.inList ? '"," or "]"' : '"," or "}"');
  }

  private closeListAt(at: number): number {
    this.inList = false;
    this.index = -1;
    this.phase = this.isBareList ? Phase.Done : Phase.CommaOrEnd;
    return at + 1;
  }

  private close(at: number): number {
    this.phase = Phase.Done;
    return at + 1;
  }

  private begin(at: number, phase: Phase): void {
    this.from = at;
    this.pieceOffset = this.consumed + at;
    this.phase = phase;
  }

  private beginValue(byte: number, at: number): number {
    if (byte === openObject || byte === openList || byte === quote) {
      this.begin(at, Phase.Inside);
      this.depth = 0;
      return at;
    }
    if (!isScalarByte(byte)) this.fail(at, 'a value');
    this.begin(at, Phase.Scalar);
    return at;
  }

  private insideScalar(chunk: Buffer, from: number): number {
    let at = from;
    while (at < chunk.length && !isScalarEnd(chunk[at] as number)) at += 1;
    if (at < chunk.length) this.finish(chunk, at);
    return at;
  }

  private insideKey(chunk: Buffer, from: number): number {
    let at = from;
    while (at < chunk.length) {
      const byte = chunk[at++] as number;
      if (this.escaped) this.escaped = false;
      else if (byte === backslash) this.escaped = true;
      else if (byte === quote) return this.finishKey(chunk, at);
    }
    return at;
  }

  private finishKey(chunk: Buffer, at: number): number {
    const text = this.take(chunk, at).toString('utf8');
    try {
      this.member = JSON.parse(text) as string;
    } catch {
      this.fail(at, 'a member name in quotes');
    }
    this.phase = Phase.Colon;
    return at;
  }

  /** The hot loop: everything else here runs once a piece. */
  private insideValue(chunk: Buffer, from: number): number {
    const length = chunk.length;
    let { depth, inString } = this;
    let at = from;
    if (this.escaped) {
      this.escaped = false;
      at += 1;
    }
    while (at < length) {
      if (inString) {
        at = endOfString(chunk, at);
        if (at > length) {
          this.escaped = true;
          at = length;
        } else if (at < length) {
          inString = false;
          at += 1;
        } else break;
        if (depth === 0 && !inString) return this.ended(chunk, at);
        continue;
      }
      const byte = chunk[at++] as number;
      if (byte === quote) inString = true;
      else if (byte === openObject || byte === openList) depth += 1;
      else if (byte === closeObject || byte === closeList) {
        depth -= 1;
        if (depth === 0) return this.ended(chunk, at);
      }
    }
    this.depth = depth;
    this.inString = inString;
    return at;
  }

  private ended(chunk: Buffer, at: number): number {
    this.depth = 0;
    this.inString = false;
    this.finish(chunk, at);
    return at;
  }

  private finish(chunk: Buffer, at: number): void {
    this.pieces.push({ member: this.member, index: this.index, offset: this.pieceOffset, bytes: this.take(chunk, at) });
    this.phase = Phase.CommaOrEnd;
  }

  private take(chunk: Buffer, at: number): Buffer {
    const last = chunk.subarray(this.from, at);
    this.from = -1;
    if (this.parts.length === 0) return last;
    const whole = Buffer.concat([...this.parts, last]);
    this.parts = [];
    return whole;
  }

  private fail(at: number, expected: string): never {
    throw new JsonSyntaxProblem(this.consumed + at, expected);
  }
}

const shortString = 48;

/**
 * Position of the quote that closes the string; the chunk's length when it goes on in the next one; one more when the
 * chunk ends in the middle of an escape. Long strings (masks) are searched natively, short ones byte by byte.
 */
function endOfString(chunk: Buffer, from: number): number {
  const length = chunk.length;
  const near = Math.min(length, from + shortString);
  let at = from;
  while (at < near) {
    const byte = chunk[at] as number;
    if (byte === quote) return at;
    at += byte === backslash ? 2 : 1;
  }
  if (at >= length) return at;
  return searchEnd(chunk, at);
}

function searchEnd(chunk: Buffer, from: number): number {
  let start = from;
  for (;;) {
    const found = chunk.indexOf(quote, start);
    const end = found < 0 ? chunk.length : found;
    let slashes = 0;
    while (end - 1 - slashes >= start && chunk[end - 1 - slashes] === backslash) slashes += 1;
    if (found < 0) return slashes % 2 === 1 ? chunk.length + 1 : chunk.length;
    if (slashes % 2 === 0) return found;
    start = found + 1;
  }
}
