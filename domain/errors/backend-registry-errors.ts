import { AnnotationError } from './base.js';

/** What the backend can do is known, but the part that talks to it is not there. */
export class BackendNotAvailableError extends AnnotationError {
  readonly code = 'BACKEND_NOT_AVAILABLE';

  constructor(
    readonly backend: string,
    readonly available: readonly string[],
  ) {
    super(
      `This version cannot send work to "${backend}" yet; label schemas for it can be checked already. Use ${available.join(' or ')}, name a module of your own as its "config_cls", or install a version that has it.`,
    );
  }
}

/** The module of a custom backend cannot be loaded, or does not export what is expected. */
export class BackendModuleError extends AnnotationError {
  readonly code = 'BACKEND_MODULE_BROKEN';

  constructor(
    readonly backend: string,
    readonly module: string,
    readonly exportName: string,
    readonly problem: string,
    options?: { cause?: unknown },
  ) {
    super(
      `Backend "${backend}" is declared as export "${exportName}" of module "${module}", but ${problem}. Correct the module or the "config_cls" in the annotation config.`,
      options,
    );
  }
}
