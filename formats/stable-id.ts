import { createHash } from 'node:crypto';

/** 24 hex digits that depend on `text` alone, so a repeated import finds what an interrupted one made. */
export const stableId = (text: string): string => createHash('sha1').update(text).digest('hex').slice(0, 24);

/** The id of the sample whose media stand at an absolute path, in every format that brings no ids of its own. */
export const sampleIdOf = (path: string): string => stableId(`sample\n${path}`);
