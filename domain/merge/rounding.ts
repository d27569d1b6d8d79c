import { isCloseJson, type Json } from '../labels/index.js';

/**
 * What came back, with each number that is off from what was sent by no more than `tolerance` put back exactly: who moves
 * one corner does not thereby round the others. Points that were put in or taken out shift those that follow, so lists of
 * another length are matched from both ends.
 */
export function withoutRounding(sent: Json, returned: Json, tolerance: number): Json {
  if (isCloseJson(sent, returned, tolerance)) return sent;
  if (Array.isArray(sent) && Array.isArray(returned)) return listWithoutRounding(sent, returned, tolerance);
  if (!isMembers(sent) || !isMembers(returned)) return returned;
  const members = Object.entries(returned).map(([name, value]): [string, Json] => [
    name,
    withoutRounding(sent[name] ?? null, value, tolerance),
  ]);
  return Object.fromEntries(members);
}

function listWithoutRounding(sent: readonly Json[], returned: readonly Json[], tolerance: number): Json {
  const grown = returned.length - sent.length;
  if (grown === 0) return returned.map((item, i) => withoutRounding(sent[i] ?? null, item, tolerance));
  const isSame = (item: Json, known: Json | undefined): boolean =>
    known !== undefined && isCloseJson(known, item, tolerance);
  let head = 0;
  while (head < returned.length && isSame(returned[head] ?? null, sent[head])) head++;
  let tail = returned.length;
  while (tail > head && isSame(returned[tail - 1] ?? null, sent[tail - 1 - grown])) tail--;
  return returned.map((item, i) => (i < head ? sent[i] : i >= tail ? sent[i - grown] : item) ?? null);
}

const isMembers = (value: Json): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
