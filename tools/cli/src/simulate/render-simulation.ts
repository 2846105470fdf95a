import type { Report } from '@backstep/simulation';
import { count } from '../shared/count.js';
import { wrapToScreen } from '../shared/screen.js';
import type { Paint } from '../shared/style.js';
import { table } from '../shared/table.js';
import { span } from '../shared/time.js';

export interface Asked {
  /** Of the first run. */
  readonly seed: number;
  /** The command that runs one seed of it once more, but for `--seed`. */
  readonly again: string;
}

/** A batch of runs, for people. */
export function simulationText(name: string, { seed, again }: Asked, report: Report<unknown>, paint: Paint): string {
  const { runs, subjects, events, durationMs, runsPerSecond, longestMs, coverage, missing, failure } = report;
  const lines = [
    wrapToScreen(
      `${name}: ${count(runs, 'run')} from seed ${seed} on, ${count(subjects, 'saga')}, ${count(events, 'event')} in ${span(durationMs)}: ${Math.round(runsPerSecond)} runs/s`,
      2,
    ),
    wrapToScreen(`The longest took ${span(longestMs)} of simulated time to come to rest.`, 2),
    '',
    table(
      [
        { title: 'What happened', cell: ([what]: [string, number]) => what },
        { title: 'Times', align: 'right' as const, cell: ([, times]: [string, number]) => String(times) },
      ],
      coverage.sorted(),
      paint,
    ),
    '',
  ];
  if (failure) lines.push(...story(failure, again, paint));
  else if (missing.length > 0)
    lines.push(wrapToScreen(paint('red', `This must happen in so many runs, and never did: ${missing.join(', ')}`)));
  else lines.push(wrapToScreen(paint('green', 'Every invariant held after every step, and every run came to rest.')));
  return lines.join('\n');
}

const STORY_LINE_DIGITS = 4;

type Failed = NonNullable<Report<unknown>['failure']>;

function story({ seed, invariant, outcome, runs }: Failed, again: string, paint: Paint): string[] {
  return [
    wrapToScreen(
      paint('red', `${invariant} is violated by seed ${seed}. Its shortest story (${runs} runs to find it):`),
    ),
    '',
    ...outcome.story.map((line, at) =>
      wrapToScreen(
        `${String(at + 1).padStart(STORY_LINE_DIGITS)}  ${line.includes('VIOLATION') ? paint('red', line) : line}`,
        STORY_LINE_DIGITS + 2,
      ),
    ),
    '',
    `Again: ${again} --seed ${seed} --runs 1`,
  ];
}

/** The same, for programs. */
export function simulationJson(name: string, seed: number, report: Report<unknown>) {
  const { coverage, failure, ...figures } = report;
  return {
    saga: name,
    seed,
    ...figures,
    coverage: Object.fromEntries(coverage.sorted()),
    failure: failure && {
      seed: failure.seed,
      invariant: failure.invariant,
      what: failure.outcome.violation?.what,
      plan: failure.plan,
      story: failure.outcome.story,
    },
  };
}
