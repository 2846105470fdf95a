import { sumOf } from '../measure/figures.js';
import { KB } from '../measure/units.js';
import { resultsOf, type Measurement, type Result } from '../result.js';

/** One line of the table of goals. */
interface Goal {
  readonly what: string;
  readonly limit: number;
  readonly atLeast: boolean;
  readonly unit: string;
  /** undefined when what it needs was not run. */
  measured(of: (scenario: string) => Result | undefined, all: readonly Measurement[]): number | undefined;
}

const of =
  (scenario: string, read: (result: Result) => number | undefined): Goal['measured'] =>
  (find) => {
    const result = find(scenario);
    return result && read(result);
  };

const goal =
  (atLeast: boolean) =>
  (what: string, limit: number, unit: string, measured: Goal['measured']): Goal => ({
    what,
    limit,
    atLeast,
    unit,
    measured,
  });
const atLeast = goal(true);
const atMost = goal(false);

const ratio =
  (above: string, below: string): Goal['measured'] =>
  (find) => {
    const [first, second] = [find(above), find(below)];
    return first && second && first.endedPerSecond / second.endedPerSecond;
  };

const latencies = (scenario: string, what: string, p50: number, p99: number): Goal[] => [
  atMost(
    `${what}, p50`,
    p50,
    ' ms',
    of(scenario, ({ latencyMs }) => latencyMs.p50),
  ),
  atMost(
    `${what}, p99`,
    p99,
    ' ms',
    of(scenario, ({ latencyMs }) => latencyMs.p99),
  ),
];

/** Of all five: a batch or two each, and what vacuum has not come to. */
const OUTBOX_MAX_MB = 100;

const GOALS: readonly Goal[] = [
  atLeast(
    'confirmed, spread',
    1_200,
    ' orders/s',
    of('spread', (result) => result.confirmedPerSecond),
  ),
  atLeast('against `single`', 8, ' ×', ratio('spread', 'single')),
  atMost(
    'one order alone, p50',
    25,
    ' ms',
    of('alone', ({ latencyMs }) => latencyMs.p50),
  ),
  ...latencies('100-a-second', 'at 100/s', 35, 100),
  ...latencies('250-a-second', 'at 250/s', 60, 130),
  ...latencies('500-a-second', 'at 500/s', 100, 180),
  ...latencies('800-a-second', 'at 800/s', 200, 500),
  atMost(
    'CPU at 100/s, in all',
    10,
    ' CPU-ms an order',
    of('100-a-second', ({ cpuMsPerOrder }) => cpuMsPerOrder['total']),
  ),
  atMost(
    'CPU at saturation, in all',
    1.5,
    ' CPU-ms an order',
    of('spread', ({ cpuMsPerOrder }) => cpuMsPerOrder['total']),
  ),
  atMost(
    'commits at saturation',
    0.2,
    ' an order',
    of('spread', (result) => result.commitsPerOrder),
  ),
  atMost(
    'WAL at saturation',
    10,
    ' KB an order',
    of('spread', (result) => result.walBytesPerOrder / KB),
  ),
  atLeast('hot SKU against spread', 0.9, ' ×', ratio('hot', 'spread')),
  atLeast('`mix` against spread', 0.7, ' ×', ratio('mix', 'spread')),
  atMost(
    'twice what it can do for a minute: accepted, and not ended',
    0,
    '',
    of('beyond', (result) => result.unfinished),
  ),
  atMost(
    'the same: refused without 429 or 503 and `Retry-After`',
    0,
    '',
    of('beyond', ({ refusedOtherwise }) => sumOf(refusedOtherwise)),
  ),
  atMost(
    'the same: until all that was accepted has ended',
    60,
    ' s',
    of('beyond', (result) => result.settledSeconds),
  ),
  atMost('the same: the most memory, against spread', 1.2, ' ×', (find) => {
    const [beyond, spread] = [find('beyond'), find('spread')];
    return beyond && spread && (beyond.residentMb['node'] ?? NaN) / (spread.residentMb['node'] ?? NaN);
  }),
  atMost(
    '20 minutes at 70 %: the last minute’s p50 against the first’s',
    1.2,
    ' ×',
    of('soak', ({ drift }) => drift.p50),
  ),
  atMost(
    'the same: memory',
    1.2,
    ' ×',
    of('soak', ({ drift }) => drift.nodeResidentMb),
  ),
  atMost(
    'the same: left in the outboxes',
    0,
    ' rows',
    of('soak', ({ outbox }) => outbox.rows),
  ),
  atMost(
    'the same: the room they take',
    OUTBOX_MAX_MB,
    ' MB',
    of('soak', ({ outbox }) => outbox.mb),
  ),
  atLeast(
    '16 orders in flight',
    400,
    ' orders/s',
    of('16-in-flight', (result) => result.confirmedPerSecond),
  ),
  atLeast(
    '64 in flight',
    800,
    ' orders/s',
    of('64-in-flight', (result) => result.confirmedPerSecond),
  ),
  atMost(
    '64 in flight, p50',
    75,
    ' ms',
    of('64-in-flight', ({ latencyMs }) => latencyMs.p50),
  ),
  atMost(
    'idle, all Node processes',
    6,
    ' % of a core',
    of('idle', ({ cores }) => 100 * (cores['node'] ?? NaN)),
  ),
  atMost(
    'memory of all Node processes',
    1_100,
    ' MB',
    of('spread', ({ residentMb }) => residentMb['node']),
  ),
  atMost('warm `npm start` to the first order', 15, ' s', (_, all) =>
    all.map((one) => ('firstOrderSeconds' in one ? one.firstOrderSeconds : undefined)).find((seconds) => seconds),
  ),
];

/** The goals as a table in Markdown: what was wanted, what was measured, whether it is met. */
export function goals(all: readonly Measurement[]): string {
  const results = resultsOf(all);
  const find = (name: string): Result | undefined => results.find(({ scenario }) => scenario === name);
  const rows = GOALS.map(({ what, limit, unit, atLeast: more, measured }) => {
    const value = measured(find, all);
    const told = value === undefined || !Number.isFinite(value) ? '–' : `${short(value)}${unit}`;
    const met =
      told === '–' ? 'not measured' : (more ? Number(value) >= limit : Number(value) <= limit) ? 'yes' : '**no**';
    return `| ${what} | ${more ? '≥' : '≤'} ${limit.toLocaleString('en')}${unit} | ${told} | ${met} |`;
  });
  return ['| what | goal | measured | met |', '|---|---|---|---|', ...rows].join('\n');
}

const short = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(2)));
