import { access, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromCsv, toCsv } from './csv.js';

const words = { SENT: '', ANNOTATING: '.doing', COMPLETED: '.done' };

/**
 * Plays the people who edit the tables, for the conformance suite.
 *
 * @implements {import('annogate/conformance').Player}
 */
export class TablePlayer {
  constructor(folder) {
    this.folder = folder;
  }

  add({ part, unitId, field }, { bounding_box: box = [], ...label }) {
    const [left, top, width, height] = box;
    return this.#edit(part, (rows) => [...rows, { ...label, sample: unitId, field, left, top, width, height }]);
  }

  move({ part }, id, [dx, dy]) {
    const moved = (row) => ({ ...row, left: Number(row.left) + dx, top: Number(row.top) + dy });
    return this.#editLabel(part, id, (row) => [moved(row)]);
  }

  relabel({ part }, id, label) {
    return this.#editLabel(part, id, (row) => [{ ...row, label }]);
  }

  setAttribute({ part }, id, name, value) {
    return this.#editLabel(part, id, (row) => [{ ...row, [name]: value }]);
  }

  remove({ part }, id) {
    return this.#editLabel(part, id, () => []);
  }

  leaveUnfinished(part, unitId) {
    return this.#edit(part, (rows) => rows.filter((row) => row.sample !== unitId || row.field !== ''));
  }

  async setState(part, state) {
    await rename(await this.#table(part), join(this.folder, `task-${part}${words[state]}.csv`));
  }

  async destroy(part) {
    await rm(await this.#table(part));
  }

  async inventory() {
    const names = await readdir(this.folder).catch(() => null);
    return names === null ? [] : ['the folder', ...names];
  }

  async plant() {
    const path = join(this.folder, 'notes.txt');
    await writeFile(path, 'ask about the shadows');
    return () =>
      access(path).then(
        () => true,
        () => false,
      );
  }

  #editLabel(part, id, change) {
    return this.#edit(part, (rows) => rows.flatMap((row) => (row.id === id ? change(row) : [row])));
  }

  async #edit(part, change) {
    const path = await this.#table(part);
    const [columns, ...cells] = fromCsv(await readFile(path, 'utf8'));
    const rows = cells.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
    await writeFile(path, toCsv([columns, ...change(rows).map((row) => columns.map((column) => row[column]))]));
  }

  async #table(part) {
    const name = (await readdir(this.folder)).find((one) => one.startsWith(`task-${part}.`));
    return join(this.folder, name);
  }
}
