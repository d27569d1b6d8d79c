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

/** A backend was named that the annotation config does not have. */
export class UnknownBackendError extends InvalidArgumentError {
  override readonly code = 'UNKNOWN_BACKEND';

  constructor(
    readonly backend: string,
    readonly available: readonly string[],
  ) {
    super(
      'backend',
      `There is no backend "${backend}". There is ${available.join(', ')}; others are declared in the annotation config.`,
    );
  }
}

/** A backend of the annotation config does not say what makes it work. */
export class ConfigClassMissingError extends InvalidArgumentError {
  override readonly code = 'CONFIG_CLS_MISSING';

  constructor(readonly backend: string) {
    super(
      'config_cls',
      `Backend "${backend}" has no config_cls. Set it to the module that makes it work, as "package-or-path#export".`,
    );
  }
}

/** A backend names something that is no module of ours. */
export class ConfigClassUnusableError extends InvalidArgumentError {
  override readonly code = 'CONFIG_CLS_UNUSABLE';

  constructor(
    readonly backend: string,
    readonly configCls: unknown,
    problem: string,
  ) {
    super('config_cls', `Backend "${backend}" has config_cls ${JSON.stringify(configCls)}: ${problem}.`);
  }
}
