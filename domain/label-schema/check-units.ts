import {
  BackendMediaError,
  ClipsNotSupportedError,
  EmptyViewError,
  SelectGroupSlicesError,
} from '../errors/request-errors.js';
import type { BackendRules } from './backend-rules.js';
import type { DatasetFacts } from './facts.js';

/** Refuses what the backend cannot show at all: no units, groups without a slice, other media, clips. */
export function checkUnits(
  { mediaType, unit, unitCount, slices }: DatasetFacts,
  { name, capabilities }: BackendRules,
): void {
  if (unitCount === 0) throw new EmptyViewError();
  if (mediaType === 'group') throw new SelectGroupSlicesError(slices ?? []);
  if (mediaType === 'mixed' || !capabilities.mediaTypes.includes(mediaType)) {
    throw new BackendMediaError(mediaType, name, capabilities.mediaTypes);
  }
  if (unit === 'clip' && !capabilities.clips) throw new ClipsNotSupportedError(name);
}
