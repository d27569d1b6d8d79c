/** A set of whole numbers for millions of members: a bit each where they are small, a plain set for the few large ones. */
export class UsedNumbers {
  private bits = new Uint8Array(1024);
  private readonly large = new Set<number>();

  /** Adds a number. False when it was there already. */
  add(number: number): boolean {
    if (number >= 2 ** 28) {
      const isNew = !this.large.has(number);
      this.large.add(number);
      return isNew;
    }
    const at = number >> 3;
    if (at >= this.bits.length) this.grow(at);
    const bit = 1 << (number & 7);
    const isNew = ((this.bits[at] ?? 0) & bit) === 0;
    this.bits[at] = (this.bits[at] ?? 0) | bit;
    return isNew;
  }

  private grow(at: number): void {
    const grown = new Uint8Array(Math.max(at + 1, this.bits.length * 2));
    grown.set(this.bits);
    this.bits = grown;
  }
}
