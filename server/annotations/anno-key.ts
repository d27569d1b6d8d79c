import { InvalidAnnoKeyError } from '../../domain/errors/index.js';

/** A Python identifier, as FiftyOne asks for: letters of any script; keywords are allowed. */
const identifier = /^[\p{XIDS}_][\p{XIDC}]*$/u;

/** Throws INVALID_ANNO_KEY for a text that cannot be the key of a run. */
export function checkAnnoKey(annoKey: string): void {
  if (typeof annoKey !== 'string' || !identifier.test(annoKey)) throw new InvalidAnnoKeyError(annoKey);
}
