import { join, resolve } from 'node:path';
import { z } from 'zod';
import { SettingsInvalidError } from '../domain/errors/index.js';

/** The server's own settings. All folders absolute. */
export interface ServerSettings {
  /** Where to listen; loopback unless told otherwise. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** `postgres://…`, or the path of an SQLite file. */
  readonly databaseUrl: string;
  readonly dataFolder: string;
  /** Null: the key that the data folder keeps. */
  readonly secretKey: string | null;
  readonly logLevel: string;
  /** Operations under way on one WebSocket at most. */
  readonly operationsPerSocket: number;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const variables = z.object({
  ANNOGATE_HOST: z.string().min(1).default('127.0.0.1'),
  ANNOGATE_PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  ANNOGATE_DATA: z.string().min(1).default('.annogate'),
  ANNOGATE_DATABASE_URL: z.string().min(1).optional(),
  ANNOGATE_SECRET_KEY: z.string().min(1).optional(),
  ANNOGATE_LOG_LEVEL: z.enum(logLevels).default('info'),
  ANNOGATE_OPERATIONS_PER_SOCKET: z.coerce.number().int().min(1).max(10_000).default(100),
});

/** Reads the settings off the environment; empty variables count as unset. Throws SETTINGS_INVALID with all problems at once. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): ServerSettings {
  const given = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const parsed = variables.safeParse(Object.fromEntries(given));
  // The values are left out: they may be secrets.
  if (!parsed.success) {
    throw new SettingsInvalidError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  }
  const { data } = parsed;
  const dataFolder = resolve(data.ANNOGATE_DATA);
  return {
    host: data.ANNOGATE_HOST,
    port: data.ANNOGATE_PORT,
    databaseUrl: data.ANNOGATE_DATABASE_URL ?? join(dataFolder, 'annogate.db'),
    dataFolder,
    secretKey: data.ANNOGATE_SECRET_KEY ?? null,
    logLevel: data.ANNOGATE_LOG_LEVEL,
    operationsPerSocket: data.ANNOGATE_OPERATIONS_PER_SOCKET,
  };
}
