/** What a JSON column takes: undefined stays undefined (not to be written), null stays null. */
export function jsonText(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return value;
  return JSON.stringify(value);
}

/** What a JSON column holds; null when it is null. */
export const parsed = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));
