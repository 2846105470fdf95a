import type { Report } from '@backstep/infrastructure';
import type { Api } from '../shared/api.js';
import { paint } from '../shared/output.js';
import { span } from '../shared/time.js';
import { play } from './play.js';
import { seedProducts } from './products.js';
import { outcomesText } from './render-outcomes.js';
import { differenceOf, type Outcome, type Sample } from './samples.js';

export interface TourOptions {
  readonly samples: readonly Sample[];
  readonly report: Report;
  /** When the start that is shown off began, ms since the epoch. */
  readonly since: number;
  readonly signal?: AbortSignal;
}

export interface Tour {
  /** Of the samples that ended. */
  readonly outcomes: readonly Outcome[];
  /** A sentence for each thing that is not as it must be. */
  readonly problems: readonly string[];
}

/** Lists the products, plays the samples, prints how each ended. Errors are printed and returned, never thrown. */
export async function showAround(api: Api, { samples, report, since, signal }: TourOptions): Promise<Tour> {
  const problems: string[] = [];
  const attempt = <T>(what: string, work: () => Promise<T>): Promise<T | undefined> =>
    work().catch((error: Error) => void problems.push(`${what}: ${error.message}`));
  const playOne = async (sample: Sample): Promise<Outcome> => {
    const outcome = await play(sample, api, signal);
    if (sample === samples[0]) report.note(`  ✓ first order ended, ${span(Date.now() - since)} after the start`);
    const difference = differenceOf(outcome);
    if (difference !== undefined) problems.push(`${sample.title}: ${difference}`);
    return outcome;
  };
  const playAll = () => Promise.all(samples.map((sample) => attempt(sample.title, () => playOne(sample))));

  await attempt('products', () => report.step('products', () => seedProducts(api, signal)));
  const canPlay = samples.length > 0 && problems.length === 0;
  const played = canPlay ? await report.step('sample orders', playAll) : [];
  const outcomes = played.filter((outcome) => outcome !== undefined);
  if (outcomes.length > 0) report.note(`\n${outcomesText(outcomes, paint)}`);
  // After an interruption, samples that have not ended are no error.
  if (problems.length > 0 && !signal?.aborted) report.note(problems.map((problem) => `\n✗ ${problem}`).join(''));
  return { outcomes, problems };
}
