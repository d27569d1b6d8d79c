import { type FileHandle, open } from 'node:fs/promises';

const flushAt = 1 << 18;

/**
 * Writes a text file in pieces of about 256 KiB. `add` is cheap; await `drain` now and then: it resolves once what was
 * added before is small enough to go on, so a fast producer never fills memory.
 */
export class TextFile {
  private text = '';
  private constructor(private readonly handle: FileHandle) {}

  static async create(path: string): Promise<TextFile> {
    return new TextFile(await open(path, 'wx'));
  }

  add(text: string): void {
    this.text += text;
  }

  async drain(): Promise<void> {
    if (this.text.length >= flushAt) await this.flush();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.handle.sync();
    await this.handle.close();
  }

  /** Lets go of the file without writing what is left. */
  async discard(): Promise<void> {
    this.text = '';
    await this.handle.close().catch(() => {}); // closed already: abandon after a failed close
  }

  private async flush(): Promise<void> {
    const text = this.text;
    this.text = '';
    if (text !== '') await this.handle.writeFile(text);
  }
}
