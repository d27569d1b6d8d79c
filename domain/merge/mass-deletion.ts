/** Of how many labels a task loses at least this many before its deletions are held. */
export const fewestHeldDeletions = 20;

/**
 * Whether the deletions of a task wait for a decision: more than half of its labels would go, and at least 20. A
 * download that is cut short looks like that. Never where the load is compatible with FiftyOne.
 */
export function holdsDeletions(
  task: { readonly sent: number; readonly deletions: number },
  compatible: boolean,
): boolean {
  return !compatible && task.deletions >= fewestHeldDeletions && task.deletions * 2 > task.sent;
}
