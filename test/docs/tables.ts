import { readFileSync } from 'node:fs';

/** The text of a document below `docs/`. */
export const textOf = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

/** The part of a document below a heading, up to the next heading of the same level. Throws where there is none. */
export function section(text: string, heading: string): string {
  const found = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (found === undefined) throw new Error(`the document has no heading "## ${heading}"`);
  return found;
}

/** The rows of all tables of a text, cell by cell, without their heads. */
export function rowsOf(text: string): string[][] {
  const lines = text.split('\n').map((line) => (line.startsWith('|') ? cellsOf(line) : null));
  return lines.flatMap((cells, i) => {
    const isBody = cells !== null && !isRuler(cells) && !isRuler(lines[i + 1] ?? null);
    return isBody ? [cells] : [];
  });
}

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

const isRuler = (cells: readonly string[] | null): boolean => cells?.every((cell) => /^-+$/.test(cell)) ?? false;

/** What stands between backquotes in a cell. */
export const codesIn = (cell: string | undefined): string[] =>
  [...(cell ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

/** The first code of the first cell of each row, to the row. */
export const byCode = (text: string): Map<string, string[]> =>
  new Map(rowsOf(text).map((row) => [codesIn(row[0])[0] ?? '', row]));
