const isTerminal = process.stdout.isTTY === true;
const style = (code: number, text: string): string => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = (text: string): string => style(1, text);
export const dim = (text: string): string => style(2, text);
export const say = (text = ''): void => console.log(text);
export const heading = (text: string): void => say(`\n${bold(text)}`);

/** One line an event, as the subscription tells it. */
export function showEvent({
  number,
  kind,
  detail,
}: {
  readonly number: number;
  readonly kind: string;
  readonly detail: Record<string, unknown>;
}): void {
  const { counts, ...rest } = detail;
  const told = { ...rest, ...(isObject(counts) ? nonZero(counts) : {}) };
  const words = Object.entries(told).map(
    ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  say(`  ${dim(String(number).padStart(4))}  ${kind.padEnd(24)} ${dim(words.join(', '))}`);
}

/** Counts that say something. */
export const nonZero = (counts: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
