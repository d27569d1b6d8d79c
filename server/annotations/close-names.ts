/** Names that were perhaps meant: those that differ in few letters or only in case, closest first, at most three. */
function closeNames(wanted: string, names: readonly string[]): string[] {
  const most = Math.max(1, Math.floor(wanted.length / 3));
  return names
    .map((name) => ({ name, distance: distance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter((candidate) => candidate.distance <= most)
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** "Did you mean ...?", or the names there are, or nothing where there are too many to list. */
export function hintOf(wanted: string, names: readonly string[]): string {
  const close = closeNames(wanted, names);
  if (close.length > 0) return `Did you mean ${close.map((name) => `"${name}"`).join(' or ')}?`;
  return names.length > 0 && names.length <= 20 ? `There is ${names.join(', ')}.` : '';
}

/** Letters to insert, delete or change to make one text of the other. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(changed, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
