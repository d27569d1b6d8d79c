import { createHash, hash } from 'node:crypto';
import { canonicalJson, type Json, type Label } from '../../domain/labels/index.js';

/**
 * The hash of what a unit holds in the eyes of annotators. What comes home with the hash it left with was not touched,
 * and nothing of it is read or written. Order within a list, key order and who serialised it do not matter.
 */
export class UnitHash {
  private text = '';

  /** Starts a field (and return type) on a frame (0: the whole image). */
  part(field: string, frame: number): void {
    this.text += `\n${field}\t${frame}`;
  }

  labels(labels: readonly { readonly key: string; readonly label: Label }[]): void {
    const sorted = isSorted(labels) ? labels : [...labels].sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const { key, label } of sorted)
      this.text += `\n${key}\t${label.label}\t${label.geometry}\t${label.attributes}\t${label.index}\t${label.confidence}\t${label.tags}`;
  }

  value(value: Json): void {
    this.text += `\n=${canonicalJson(value)}`;
  }

  /** 40 hex digits. */
  digest(): string {
    return hash('sha1', this.text);
  }
}

function isSorted(labels: readonly { readonly key: string }[]): boolean {
  for (let i = 1; i < labels.length; i++) if ((labels[i - 1]?.key ?? '') > (labels[i]?.key ?? '')) return false;
  return true;
}

/** The hash of all units of one sample together; of a single unit its own. */
export function hashOfUnits(hashes: readonly string[]): string {
  if (hashes.length === 1) return hashes[0] ?? '';
  return createHash('sha1')
    .update([...hashes].sort().join())
    .digest('hex');
}
