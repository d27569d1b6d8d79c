import { AnnotationError } from './base.js';

/** The counting rule of a merge does not hold: a label was lost or counted twice. The load is rolled back. */
export class CountsDoNotAddUpError extends AnnotationError {
  readonly code = 'COUNTS_DO_NOT_ADD_UP';

  constructor(
    readonly side: 'returned' | 'sent',
    readonly labels: number,
    readonly accounted: number,
  ) {
    super(
      `Of ${labels} ${side} labels the merge accounts for ${accounted}. Nothing was written; please report this with the run's payload.`,
    );
  }
}
