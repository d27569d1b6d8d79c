import type { Json } from '../domain/labels/index.js';

const integer = /^[+-]?\d+(_\d+)*$/;
const decimal = /^[+-]?(\d+(_\d+)*(\.(\d+(_\d+)*)?)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/i;

/**
 * The value that a text of the environment stands for, by FiftyOne's rules in their order: a number (in Python's
 * spelling), True or true, False or false, None or nothing as null, a list where there is a comma, else the text.
 * Numbers that JSON cannot hold exactly (huge ones, inf, nan) stay texts.
 */
export function parseValue(text: string): Json {
  const number = parseNumber(text.trim());
  if (number !== null) return number;
  if (text === 'True' || text === 'true') return true;
  if (text === 'False' || text === 'false') return false;
  if (text === 'None' || text === '') return null;
  return text.includes(',') ? text.split(',').map(parseValue) : text;
}

function parseNumber(text: string): number | null {
  const isInteger = integer.test(text);
  if (!isInteger && !decimal.test(text)) return null;
  const number = Number(text.replaceAll('_', ''));
  return (isInteger ? Number.isSafeInteger(number) : Number.isFinite(number)) ? number : null;
}
