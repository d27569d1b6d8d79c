import type { Picture } from './png.js';

/** A shape on a picture; place and size in pixels. */
export interface Shape {
  readonly kind: 'circle' | 'square' | 'triangle';
  readonly left: number;
  readonly top: number;
  readonly size: number;
  readonly color: readonly [number, number, number];
}

/** A generator of numbers in 0..1 that gives the same row for the same seed (a linear congruence). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const colors: readonly Shape['color'][] = [
  [214, 69, 65],
  [65, 131, 215],
  [38, 166, 91],
  [245, 171, 53],
];
const kinds: readonly Shape['kind'][] = ['circle', 'square', 'triangle'];

/** Shapes that do not overlap, one in each of some cells of a 4 by 3 grid. */
export function shapesFor(width: number, height: number, random: () => number): Shape[] {
  const shapes: Shape[] = [];
  const cell = Math.min(width / 4, height / 3);
  for (let i = 0; i < 12; i++) {
    if (random() < 0.45) continue;
    const size = Math.round(cell * (0.4 + 0.4 * random()));
    const free = cell - size;
    const left = Math.round((i % 4) * (width / 4) + free * random());
    const top = Math.round(Math.floor(i / 4) * (height / 3) + free * random());
    const kind = kinds[Math.floor(random() * kinds.length)] ?? 'circle';
    shapes.push({ kind, left, top, size, color: colors[Math.floor(random() * colors.length)] ?? [0, 0, 0] });
  }
  return shapes;
}

/** Paints the shapes on a plain, softly shaded ground. */
export function paint(width: number, height: number, shapes: readonly Shape[]): Picture {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const shape = shapes.find((candidate) => covers(candidate, x + 0.5, y + 0.5));
      const shade = 236 - Math.round((24 * y) / height);
      pixels.set(shape?.color ?? [shade, shade, shade + 8], (y * width + x) * 3);
    }
  return { width, height, pixels };
}

function covers({ kind, left, top, size }: Shape, x: number, y: number): boolean {
  const [u, v] = [(x - left) / size, (y - top) / size];
  if (u < 0 || u > 1 || v < 0 || v > 1) return false;
  if (kind === 'square') return true;
  if (kind === 'circle') return (u - 0.5) ** 2 + (v - 0.5) ** 2 <= 0.25;
  return Math.abs(u - 0.5) <= v / 2;
}
