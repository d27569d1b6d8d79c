/**
 * Compares attributes without parsing them. What comes back carries only what was sent, so it lacks the attributes that
 * the label schema does not declare; both texts are canonical, so their members stand in the same order.
 */

/**
 * Whether `returned` is `full` with some undeclared members left out. False also where only parsing can tell (the older
 * member `attributes`).
 */
export function isSameWhereDeclared(
  returned: string | null,
  full: string | null,
  declared: ReadonlySet<string>,
): boolean {
  if (returned === full) return true;
  if (full === null) return false;
  const sub = returned ?? '{}';
  let at = 1;
  for (let start = 1; start < full.length - 1; ) {
    const end = endOfMember(full, start);
    if (isMemberAt(sub, at, full, start, end)) at += end - start + 1;
    else if (mustBeEqual(nameAt(full, start), declared)) return false;
    start = end + 1;
  }
  return at >= sub.length - 1;
}

const mustBeEqual = (name: string, declared: ReadonlySet<string>): boolean =>
  name === 'attributes' || declared.has(name);

function isMemberAt(sub: string, at: number, full: string, start: number, end: number): boolean {
  const after = sub.charCodeAt(at + end - start);
  return (after === comma || after === closingBrace) && sub.startsWith(full.substring(start, end), at);
}

/** Names with escapes count as declared: rare, and then the values are parsed. */
function nameAt(text: string, start: number): string {
  const name = text.substring(start + 1, text.indexOf('"', start + 1));
  return name.includes('\\') ? 'attributes' : name;
}

const quote = 34;
const comma = 44;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openingBrace = 123;
const closingBrace = 125;

/** The position behind the member that starts here: its comma or the closing brace of the object. */
function endOfMember(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) i = endOfString(text, i);
    else if (code === openingBrace || code === openBracket) depth++;
    else if (depth === 0 && (code === comma || code === closingBrace)) return i;
    else if (code === closingBrace || code === closeBracket) depth--;
  }
  return text.length - 1;
}

function endOfString(text: string, start: number): number {
  const end = text.indexOf('"', start + 1);
  return text.charCodeAt(end - 1) === backslash ? endOfEscapedString(text, start) : end;
}

function endOfEscapedString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === backslash) i++;
    else if (code === quote) return i;
  }
  return text.length;
}
