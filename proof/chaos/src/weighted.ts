import type { Random } from '@backstep/simulation';

/** Choices, each with how often it is drawn against the others. */
export type Weighted<T> = readonly (readonly [choice: T, weight: number])[];

/** @throws RangeError when there is nothing to choose from */
export function weighted<T>(random: Random, choices: Weighted<T>): T {
  const total = choices.reduce((sum, [, weight]) => sum + weight, 0);
  let at = random.next() * total;
  for (const [choice, weight] of choices) if ((at -= weight) < 0) return choice;
  throw new RangeError('there is nothing to choose from');
}
