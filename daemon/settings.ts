import { delimiter, join, resolve } from 'node:path';
import { z } from 'zod';
import { SettingsInvalidError } from '../domain/errors/index.js';
import { defaultRetryPolicy, type RetryPolicy } from '../domain/run/index.js';
import { crashPoints } from './crash-points.js';

/** The daemon's own settings. All times in milliseconds, all folders absolute. */
export interface DaemonSettings {
  /** `postgres://…`, or the path of an SQLite file. */
  readonly databaseUrl: string;
  readonly dataFolder: string;
  /** Folders below which media and dataset files may be read, beside the data folder. */
  readonly mediaRoots: readonly string[];
  /** Folders below which exports may be written, beside the data folder. */
  readonly exportRoots: readonly string[];
  /** 64 hex digits or base64 of 32 bytes; null: the key that the data folder keeps. */
  readonly secretKey: string | null;
  /** How long a claim holds without renewal; it is renewed after a third of it. */
  readonly leaseFor: number;
  /** How often to look for work where no notification comes. */
  readonly pollEvery: number;
  /** Pieces of work in hand at a time. */
  readonly concurrency: number;
  /** Calls to one remote server at a time. */
  readonly callsPerServer: number;
  /** How long work in hand may go on after SIGTERM before it is handed back. */
  readonly gracePeriod: number;
  /** Shortest and longest time between two looks at a run's remote work. */
  readonly watchFastest: number;
  readonly watchSlowest: number;
  readonly retry: RetryPolicy;
  readonly logLevel: string;
  /** 0: no health endpoint. Always on loopback. */
  readonly healthPort: number;
  readonly crashAt: string | null;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const isKey = (text: string): boolean =>
  /^[0-9a-f]{64}$/i.test(text.trim()) || Buffer.from(text.trim(), 'base64').length === 32;

const milliseconds = (fallback: number, least: number) => z.coerce.number().int().min(least).default(fallback);

const variables = z.object({
  ANNOGATE_DATA: z.string().min(1).default('.annogate'),
  ANNOGATE_DATABASE_URL: z.string().min(1).optional(),
  ANNOGATE_MEDIA_ROOTS: z.string().default(''),
  ANNOGATE_EXPORT_ROOTS: z.string().default(''),
  ANNOGATE_SECRET_KEY: z.string().refine(isKey, 'expected 32 bytes as 64 hex digits or base64').optional(),
  ANNOGATE_LEASE_MS: milliseconds(60_000, 1_000),
  ANNOGATE_POLL_MS: milliseconds(5_000, 50),
  ANNOGATE_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
  ANNOGATE_CALLS_PER_SERVER: z.coerce.number().int().min(1).max(64).default(4),
  ANNOGATE_GRACE_MS: milliseconds(20_000, 0),
  ANNOGATE_WATCH_FASTEST_MS: milliseconds(1_000, 10),
  ANNOGATE_WATCH_SLOWEST_MS: milliseconds(60_000, 10),
  ANNOGATE_RETRY_FIRST_MS: milliseconds(defaultRetryPolicy.first, 1),
  ANNOGATE_RETRY_LONGEST_MS: milliseconds(defaultRetryPolicy.longest, 1),
  ANNOGATE_RETRY_ATTEMPTS: z.coerce.number().int().min(1).max(1_000).default(defaultRetryPolicy.attempts),
  ANNOGATE_LOG_LEVEL: z.enum(logLevels).default('info'),
  ANNOGATE_HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  ANNOGATE_CRASH_AT: z
    .string()
    .refine((text) => (crashPoints as readonly string[]).includes(text.split('#')[0] ?? ''), 'is no crash point')
    .optional(),
});

/** Reads the settings off the environment; empty variables count as unset. Throws SETTINGS_INVALID with all problems at once. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): DaemonSettings {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = variables.safeParse(given);
  const problems = parsed.success ? contradictions(parsed.data) : parsed.error.issues.map(problemOf);
  if (!parsed.success || problems.length > 0) throw new SettingsInvalidError(problems);
  return settingsOf(parsed.data);
}

type Variables = z.output<typeof variables>;

/** The variable's value is left out: it may be a secret. */
const problemOf = (issue: z.core.$ZodIssue): string => `${issue.path.join('.')}: ${issue.message}`;

function contradictions(given: Variables): string[] {
  const problems: string[] = [];
  if (given.ANNOGATE_WATCH_SLOWEST_MS < given.ANNOGATE_WATCH_FASTEST_MS)
    problems.push('ANNOGATE_WATCH_SLOWEST_MS: must not be less than ANNOGATE_WATCH_FASTEST_MS');
  if (given.ANNOGATE_RETRY_LONGEST_MS < given.ANNOGATE_RETRY_FIRST_MS)
    problems.push('ANNOGATE_RETRY_LONGEST_MS: must not be less than ANNOGATE_RETRY_FIRST_MS');
  return problems;
}

function settingsOf(given: Variables): DaemonSettings {
  const dataFolder = resolve(given.ANNOGATE_DATA);
  return {
    databaseUrl: given.ANNOGATE_DATABASE_URL ?? join(dataFolder, 'annogate.db'),
    dataFolder,
    mediaRoots: folders(given.ANNOGATE_MEDIA_ROOTS),
    exportRoots: folders(given.ANNOGATE_EXPORT_ROOTS),
    secretKey: given.ANNOGATE_SECRET_KEY ?? null,
    leaseFor: given.ANNOGATE_LEASE_MS,
    pollEvery: given.ANNOGATE_POLL_MS,
    concurrency: given.ANNOGATE_CONCURRENCY,
    callsPerServer: given.ANNOGATE_CALLS_PER_SERVER,
    gracePeriod: given.ANNOGATE_GRACE_MS,
    watchFastest: given.ANNOGATE_WATCH_FASTEST_MS,
    watchSlowest: given.ANNOGATE_WATCH_SLOWEST_MS,
    retry: retryOf(given),
    logLevel: given.ANNOGATE_LOG_LEVEL,
    healthPort: given.ANNOGATE_HEALTH_PORT,
    crashAt: given.ANNOGATE_CRASH_AT ?? null,
  };
}

const retryOf = (given: Variables): RetryPolicy => ({
  first: given.ANNOGATE_RETRY_FIRST_MS,
  longest: given.ANNOGATE_RETRY_LONGEST_MS,
  attempts: given.ANNOGATE_RETRY_ATTEMPTS,
});

const folders = (text: string): string[] =>
  text
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => resolve(folder));
