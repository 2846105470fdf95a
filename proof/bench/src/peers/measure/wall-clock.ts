/**
 * Milliseconds from this process's monotonic clock to the wall clock of the machine, by which PostgreSQL times commits. The two drift apart, so
 * ask again from time to time. `Date.now()` has whole milliseconds: looks at the moment at which it changes, within a millisecond.
 */
export function wallClockOffset(): number {
  const before = Date.now();
  let now = before;
  while (now === before) now = Date.now();
  return now - performance.now();
}
