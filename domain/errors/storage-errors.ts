import { AnnotationError, ConflictError } from './base.js';

/** Another process held the database for too long. Trying again later can help. */
export class DatabaseBusyError extends AnnotationError {
  readonly code = 'DATABASE_BUSY';

  /** `waited` in milliseconds. */
  constructor(readonly waited: number) {
    super(`The database was busy for ${waited} ms: another process is writing. Nothing was changed; try again.`);
  }
}

/** The tables were made by a newer version of this program. */
export class SchemaTooNewError extends AnnotationError {
  readonly code = 'SCHEMA_TOO_NEW';

  constructor(
    readonly found: string,
    readonly newestKnown: string,
  ) {
    super(
      `The database has tables of a newer version (migration ${found}); this program knows migrations up to ${newestKnown}. Start the newer version, or restore a backup made before the upgrade.`,
    );
  }
}

/** Migrations are missing and this process was told not to run them. */
export class SchemaTooOldError extends AnnotationError {
  readonly code = 'SCHEMA_TOO_OLD';

  constructor(readonly missing: readonly string[]) {
    super(
      `The database lacks the migrations ${missing.join(', ')}. Run them first, or open it with migrations allowed.`,
    );
  }
}

/** The right to work on an item went to someone else, or the item is gone. Nothing was written. */
export class LeaseLostError extends AnnotationError {
  readonly code = 'LEASE_LOST';

  constructor(
    readonly kind: 'run' | 'task' | 'operation',
    readonly item: string,
  ) {
    super(
      `The lease on ${kind} ${item} was lost: another worker may have it. Nothing was written; stop working on it.`,
    );
  }
}

/** Events that old are no longer kept. */
export class EventsExpiredError extends AnnotationError {
  readonly code = 'EVENTS_EXPIRED';

  /** `startFrom`: the smallest number that can be given as `after`. */
  constructor(
    readonly after: number,
    readonly startFrom: number,
  ) {
    super(
      `Events after number ${after} are no longer all kept. Read the present state, then continue after number ${startFrom}.`,
    );
  }
}

/** The dataset already has a run of that name. */
export class AnnoKeyInUseError extends ConflictError {
  override readonly code = 'ANNO_KEY_IN_USE';

  constructor(readonly annoKey: string) {
    super(`The dataset already has a run "${annoKey}". Choose another annoKey, or rename or delete that run.`);
  }
}

/** Secrets are stored that the present key cannot open, or are missing. */
export class CredentialsNeededError extends AnnotationError {
  readonly code = 'CREDENTIALS_NEEDED';

  constructor(
    readonly owner: string,
    readonly names: readonly string[],
  ) {
    super(
      `The credentials ${names.join(', ')} of ${owner} cannot be read with the present secret key. Give them again with setRunCredentials, or start with the key they were stored with.`,
    );
  }
}

/** The secret key is not one. */
export class InvalidSecretKeyError extends AnnotationError {
  readonly code = 'INVALID_SECRET_KEY';

  constructor(
    readonly source: string,
    readonly bytes: number,
  ) {
    super(
      `The secret key of ${source} has ${bytes} bytes; 32 are expected (64 hex digits or base64). Generate one with "openssl rand -hex 32".`,
    );
  }
}
