import { storable } from '@backstep/concurrency';

/** Characters of a name. */
const NAME_MAX = 200;

/** @throws RangeError that says what is wrong with the name */
export function checkedName(name: string): string {
  if (typeof name !== 'string' || name === '' || name.length > NAME_MAX) {
    throw new RangeError(`the name of a lock has 1 to ${NAME_MAX} characters; not ${JSON.stringify(name)}`);
  }
  if (storable(name) !== name)
    throw new RangeError(`the name of a lock is text that PostgreSQL stores; not ${JSON.stringify(name)}`);
  return name;
}

/**
 * Each name once, in the one order in which all locks are taken.
 * @throws RangeError when there is none, or more than `max`, or one that is no name
 */
export function lockNames(names: readonly string[], max: number): string[] {
  const unique = [...new Set(names.map(checkedName))].sort();
  if (unique.length === 0 || unique.length > max) {
    throw new RangeError(`1 to ${max} names are locked at once, not ${unique.length}`);
  }
  return unique;
}

/** @throws RangeError that names the value */
export function checkedMs(what: string, ms: number, min: number, max: number): number {
  if (!Number.isFinite(ms) || ms < min || ms > max)
    throw new RangeError(`${what} must be ${min} to ${max} ms, not ${ms}`);
  return ms;
}
