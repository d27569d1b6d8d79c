import { InvalidArgumentError } from './base.js';

/** The annotation config's file cannot be used. */
export class ConfigFileInvalidError extends InvalidArgumentError {
  override readonly code = 'CONFIG_FILE_INVALID';

  constructor(
    readonly path: string,
    readonly problem: string,
  ) {
    super(
      'annotation_config',
      `The annotation config ${path} is not usable: ${problem}. Correct the file, or remove it to use the defaults.`,
    );
  }
}

/** A run-time edit that names nothing in the config. */
export class ConfigEditInvalidError extends InvalidArgumentError {
  override readonly code = 'CONFIG_EDIT_INVALID';

  constructor(
    readonly path: readonly string[],
    problem: string,
  ) {
    super('path', `The edit of ${JSON.stringify(path)} is not possible: ${problem}.`);
  }
}

/** A parameter that the backend does not have, where it takes no others. */
export class UnknownParameterError extends InvalidArgumentError {
  override readonly code = 'UNKNOWN_PARAMETER';

  constructor(
    readonly backend: string,
    readonly parameter: string,
    readonly known: readonly string[],
  ) {
    super(parameter, `Backend "${backend}" has no parameter "${parameter}". It has ${known.join(', ')}.`);
  }
}
