const translated = new Map<string, string>();

/**
 * SQL with `?` and `?1` placeholders as PostgreSQL wants it (`$1`). Texts, quoted names and comments are left alone.
 * Translations are kept, so give values as parameters, never as part of the text.
 */
export function withDollars(sql: string): string {
  const known = translated.get(sql);
  if (known !== undefined) return known;
  if (translated.size > 2_000) translated.clear();
  const result = translate(sql);
  translated.set(sql, result);
  return result;
}

/** A quoted text or name, a comment, or a placeholder with or without a number. */
const piece = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?(\d*)/g;

function translate(sql: string): string {
  let next = 0;
  return sql.replace(piece, (found, number: string | undefined) => {
    if (!found.startsWith('?')) return found;
    next = number ? Math.max(next, Number(number)) : next + 1;
    return `$${number || next}`;
  });
}
