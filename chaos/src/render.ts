import type { Outcome } from './storm.js';

/** One line of a clean run. */
export function summary({ seed, instances, minutes, coverage, faults, skipped, restMs }: Outcome): string {
  const { orders, compensations, duplicatesDropped, fencedWrites, askedAgain, restarts } = coverage;
  const applied = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const parts = [
    `${minutes} min, ${instances} of each`,
    `${orders} orders`,
    `${applied} faults${skipped.length > 0 ? ` (${skipped.length} skipped)` : ''}`,
    `${restarts} restarts`,
    `${compensations} compensations`,
    `${duplicatesDropped} duplicates dropped`,
    `${fencedWrites} writes fenced`,
    `${askedAgain} asked again`,
    `at rest after ${((restMs ?? NaN) / 1_000).toFixed(1)} s`,
  ];
  return `✓ seed ${seed}: ${parts.join(', ')}`;
}

/** All there is to say about a run that failed: how to have it again, what was done to it, what is wrong. */
export function failure({ seed, instances, minutes, story, violations, coverage, dir }: Outcome): string {
  return [
    `✗ seed ${seed}: ${violations.length} violations`,
    '',
    'What was done:',
    ...story.map((line) => `  ${line}`),
    '',
    'What is wrong:',
    ...violations.map((line) => `  ${line}`),
    '',
    `Figures: ${JSON.stringify(coverage)}`,
    `Again: npm run chaos -- --seed ${seed} --minutes ${minutes} --instances ${instances}`,
    `Logs and databases: ${dir ?? 'gone'}`,
  ].join('\n');
}

/** The figures of a run, as one line of JSON: what was told stays with the run. */
export const figures = (outcome: Outcome): string =>
  JSON.stringify({ ...outcome, clean: outcome.violations.length === 0, story: undefined, dir: undefined });
