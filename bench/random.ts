/** Numbers in 0..1 with full precision, the same row for the same seed (splitmix-like on 32 bits, two draws a number). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  return () => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53;
}

/** Ids like those of MongoDB: rising, 24 hex digits. */
export function idsFrom(start: number): () => string {
  let n = 0;
  return () => {
    n++;
    return `${(start + (n >>> 16)).toString(16).padStart(8, '0')}a1b2c3d4e5${(n & 0xffff).toString(16).padStart(6, '0')}`;
  };
}
