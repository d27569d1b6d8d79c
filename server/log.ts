import { type Logger, pino } from 'pino';

export type { Logger };

/** Members that are never written, wherever a log line carries them. */
const secret = [
  'token',
  'authorization',
  'credentials',
  '*.token',
  '*.authorization',
  '*.credentials',
  '*.password',
  '*.api_key',
];

/** The server's log: JSON lines on standard output. `level` as pino names them; `silent` says nothing. */
export const createLog = (level: string): Logger =>
  pino({ name: 'annogate-server', level, redact: { paths: secret, censor: '***' } });
