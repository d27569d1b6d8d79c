/** Whether a statement failed because a value that must be unique is there already. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === '23505' || (code === 'SQLITE_CONSTRAINT' && error.message.includes('UNIQUE'));
}
