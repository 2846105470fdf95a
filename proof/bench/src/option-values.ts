import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Options that cannot be understood, in one line for who has given them. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What an option is followed by: its value, or nothing. */
export const TEXT = { type: 'string' } as const;
export const FLAG = { type: 'boolean' } as const;

/**
 * `parseArgs` of Node, for who reads what is wrong.
 * @throws UsageError for an option that there is not, and for one that lacks its value
 */
export function parsed<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0] ?? '');
  }
}

/**
 * The number that an option has.
 * @param given what was given; undefined: `otherwise` holds
 * @throws UsageError unless it is a whole number from 1 to `max`
 */
export function wholeNumber(
  name: string,
  given: string | undefined,
  { otherwise, max }: { readonly otherwise: number; readonly max: number },
): number {
  const value = given === undefined ? otherwise : Number(given);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new UsageError(`--${name} must be a whole number from 1 to ${max}, not ${given}`);
}

/**
 * Those of `all` that an option names, divided by commas, in the sequence of `all`.
 * @param given undefined: all
 * @throws UsageError that names the first which is none of them
 */
export function chosen<T extends string>(name: string, given: string | undefined, all: readonly T[]): readonly T[] {
  if (given === undefined) return all;
  const names = given.split(',').map((one) => one.trim());
  const unknown = names.find((one) => !all.includes(one as T));
  if (unknown !== undefined) throw new UsageError(`--${name}: there is no "${unknown}", but ${all.join(', ')}`);
  return all.filter((one) => names.includes(one));
}
