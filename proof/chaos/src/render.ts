import { FAULTS } from './faults/index.js';
import type { Outcome } from './storm.js';

/** How services run, after how many of each there are. */
export const manner = ({ hosts, sockets }: Pick<Outcome, 'hosts' | 'sockets'>): string =>
  hosts !== undefined ? ', together' : sockets ? ', with sockets between them' : '';

/** One line of a clean run. */
export function summary(outcome: Outcome): string {
  const { seed, instances, hosts, sockets, minutes, coverage, faults, skipped, restMs } = outcome;
  const { orders, compensations, duplicatesDropped, fencedWrites, askedAgain, handedOver, restarts } = coverage;
  const applied = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const parts = [
    `${minutes} min, ${instances} of each${manner(outcome)}`,
    `${orders} orders`,
    `${applied} faults${skipped.length > 0 ? ` (${skipped.length} skipped)` : ''}`,
    `${restarts} restarts`,
    `${compensations} compensations`,
    `${duplicatesDropped} duplicates dropped`,
    `${fencedWrites} writes fenced`,
    `${askedAgain} commands sent again`,
    ...(hosts === undefined && !sockets ? [] : [`${handedOver} messages handed over`]),
    `at rest after ${((restMs ?? NaN) / 1_000).toFixed(1)} s`,
  ];
  return `✓ seed ${seed}: ${parts.join(', ')}`;
}

/** All there is to say about a run that failed: how to have it again, what was done to it, what is wrong. */
export function failure(outcome: Outcome): string {
  const { seed, instances, hosts, sockets, minutes, story, violations, coverage, dir } = outcome;
  const which = hosts === undefined ? `--instances ${instances}${sockets ? ' --sockets' : ''}` : `--hosts ${hosts}`;
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
    `Again: npm run chaos -- --seed ${seed} --minutes ${minutes} ${which}`,
    `Logs and databases: ${dir ?? 'gone'}`,
  ].join('\n');
}

/** What is kept of a run; what was told stays with it. */
export type Figures = Omit<Outcome, 'story' | 'dir'>;

/** The figures of a run, as one line of JSON. */
export const figures = (outcome: Outcome): string => JSON.stringify({ ...outcome, story: undefined, dir: undefined });

/** What several runs add up to. */
export function totals(runs: readonly Figures[]): string {
  const sum = (of: (run: Figures) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const faults = new Map<string, number>();
  for (const run of runs) {
    for (const [name, count] of Object.entries(run.faults)) faults.set(name, (faults.get(name) ?? 0) + count);
  }
  const clean = runs.filter(({ violations }) => violations.length === 0).length;
  const rests = runs.flatMap(({ restMs }) => restMs ?? []);
  return [
    `${runs.length} runs, ${clean} of them clean; ${runs.filter(({ instances }) => instances > 1).length} with two of each service`,
    `${sum(({ minutes }) => minutes)} minutes under load`,
    ...COUNTS.map(([name, what]) => `${sum(({ coverage }) => coverage[name])} ${what}`),
    `${rests.length > 0 ? (Math.max(...rests) / 1_000).toFixed(1) : 'no'} s at most until all was at rest`,
    `${sum((run) => Object.values(run.faults).reduce((a, b) => a + b, 0))} faults:`,
    ...[...faults].sort(([, a], [, b]) => b - a).map(([name, count]) => `  ${String(count).padStart(5)} ${name}`),
    ...FAULTS.filter(
      ({ name, wants }) => !faults.has(name) && (wants === undefined || runs.some((run) => run[wants])),
    ).map(({ name }) => `  never: ${name}`),
  ].join('\n');
}

const COUNTS: readonly (readonly [keyof Outcome['coverage'], string])[] = [
  ['orders', 'orders accepted'],
  ['confirmed', 'confirmed'],
  ['cancelled', 'cancelled'],
  ['revised', 'revisions applied or rejected'],
  ['paidFromAccounts', 'orders paid from an account'],
  ['notCovered', 'orders that their account did not cover'],
  ['compensations', 'compensations'],
  ['duplicatesDropped', 'duplicates dropped (at least)'],
  ['fencedWrites', 'writes fenced (at least)'],
  ['webhooks', 'webhooks, each sent twice, late and in any order (at least)'],
  ['handedOver', 'messages handed over (at least)'],
  ['redelivered', 'messages in Kafka more than once'],
  ['askedAgain', 'commands sent again'],
  ['clientRetries', 'requests repeated for want of an answer'],
  ['replays', 'answers given again for the same key'],
  ['restarts', 'restarts'],
  ['parked', 'messages parked, all of them poisoned'],
];
