import type { ReportLine } from './format.js';

/** Counts what is worth knowing, one line per code and field. */
export class Report {
  private readonly counts = new Map<string, { code: string; field: string | null; message: string; count: number }>();

  /** `message` is a sentence about all that the line counts; the first one given for a code and field stands. */
  note(code: string, field: string | null, message: string, count = 1): void {
    const key = `${code}\n${field ?? ''}`;
    const line = this.counts.get(key);
    if (line) line.count += count;
    else this.counts.set(key, { code, field, message, count });
  }

  lines(): readonly ReportLine[] {
    return [...this.counts.values()];
  }
}
