import type { Death } from './brokers/kill-brokers.js';
import { FLAG, parsed, TEXT, UsageError, wholeNumber } from './option-values.js';
import {
  NOT_QUICK,
  QUICK,
  QUICK_NAMES,
  QUICK_SYSTEM_WARM_UP,
  SATURATION,
  SCENARIOS,
  START,
  SYSTEM_WARM_UP,
  type Scenario,
  type WarmUp,
} from './scenarios.js';

export type BenchOptions =
  | { readonly do: 'help' }
  | { readonly do: 'goals'; readonly file: string }
  | { readonly do: 'compare'; readonly before: string; readonly after: string }
  | { readonly do: 'kill-brokers'; readonly deaths: readonly Death[]; readonly rate: number }
  | {
      readonly do: 'run';
      readonly scenarios: readonly Scenario[];
      /** Whether the start of everything is measured too. */
      readonly start: boolean;
      /** Orders a second that the system can just do; left out, what `spread` measures. */
      readonly saturation: number | undefined;
      /** Before the first of them, on a fresh system. */
      readonly warmUp: WarmUp;
      readonly instances: number;
      /** Whether an instance of each service shares a process. */
      readonly together: boolean;
      readonly json: string | undefined;
      /** The folder for what each scenario measured second by second. */
      readonly series: string | undefined;
      /** The folder for a CPU profile of each service. */
      readonly profile: string | undefined;
    };

const DEATHS: readonly Death[] = ['refused', 'nameless', 'silent'];
const KILL_RATE = 50;
const OPTIONS = {
  help: FLAG,
  all: FLAG,
  quick: FLAG,
  scenario: TEXT,
  'kill-brokers': TEXT,
  seconds: TEXT,
  rate: TEXT,
  instances: TEXT,
  together: FLAG,
  json: TEXT,
  series: TEXT,
  profile: TEXT,
  compare: TEXT,
  goals: TEXT,
};

export const usage = (): string => `npm run bench -- [options]
npm run bench -- --peers [options]      beside Restate and DBOS, on the same saga: see its --help
npm run bench -- strategies [options]   how several writers may change one row: see its --help
npm run bench -- adaptive [options]     adaptive() against locks at once and none: see its --help
npm run bench -- crossing [options]     writers that want the same rows in different sequences: see its --help
npm run bench -- hold [options]         a rule over two rows, each written by who has read the other: see its --help

  --scenario A,B    these; default: all but ${[...NOT_QUICK].join(', ')}
  --all             all, with those
  --quick           some, briefly: under two minutes
  --seconds N       measure each for so long
  --rate R          orders a second the system can just do: soak is 70 % of it, beyond twice as much; default: what ${SATURATION} measures
  --instances I     1 or 2 of each service; default 1
  --together        all services in one process, as npm start -- --together runs them; EXPRESS=false before it: without express.
                    With --instances 2: in each of two, as npm start -- --hosts 2 runs them
  --json FILE       write what was measured, as an array with a line for each scenario
  --series DIR      write what was measured second by second, a file for each scenario
  --profile DIR     write what each service spends its time on while it is measured; the figures are dearer by that
  --kill-brokers D  kill each of three brokers under load and print how long the last order takes, and nothing else; D is how the dead
                    one is found to be dead: ${DEATHS.join(', ')}, or all; --rate is orders a second then, default ${KILL_RATE}
  --goals FILE      print what was wanted beside what such a file says, and run nothing
  --compare A B     print the ratios of two such files, and run nothing

Scenarios:
${[...SCENARIOS, START].map(({ name, what }) => `  ${name.padEnd(16)}  ${what}`).join('\n')}
`;

/** @throws UsageError */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parsed({ args: [...args], allowPositionals: true, options: OPTIONS });
  if (values.help) return { do: 'help' };
  if (values.compare !== undefined) {
    const [after, ...more] = positionals;
    if (after === undefined || more.length > 0) throw new UsageError('--compare takes two files');
    return { do: 'compare', before: values.compare, after };
  }
  if (values.goals !== undefined) return { do: 'goals', file: values.goals };
  const deaths = values['kill-brokers'];
  if (deaths !== undefined)
    return { do: 'kill-brokers', deaths: deathsOf(deaths), rate: rateOf(values.rate, KILL_RATE) };
  if (positionals.length > 0) throw new UsageError(`what is "${positionals[0]}"?`);
  const saturation = values.rate === undefined ? undefined : rateOf(values.rate, 0);
  const instances = wholeNumber('instances', values.instances, { otherwise: 1, max: 2 });
  const names = namesOf(values, instances);
  const shares = names.findIndex((name) => scenarioOf(name)?.load?.kind === 'share');
  if (shares !== -1 && saturation === undefined && !names.slice(0, shares).includes(SATURATION))
    throw new UsageError(`${names[shares]} needs a --rate, or ${SATURATION} before it`);
  const alone = names.find((name) => needsTwo(name) && instances < 2);
  if (alone !== undefined) throw new UsageError(`${alone} needs --instances 2`);
  const restarting = names.find((name) => values.together && needsTwo(name));
  if (restarting !== undefined) throw new UsageError(`${restarting} restarts single services: leave out --together`);
  const chosen = names
    .flatMap((name) => scenarioOf(name) ?? [])
    .map((scenario) => ({
      ...scenario,
      ...(values.quick ? QUICK : {}),
      ...(values.seconds === undefined
        ? {}
        : { seconds: wholeNumber('seconds', values.seconds, { otherwise: scenario.seconds, max: 86_400 }) }),
    }));
  return {
    do: 'run',
    scenarios: chosen,
    start: names.includes(START.name),
    saturation,
    warmUp: values.quick ? QUICK_SYSTEM_WARM_UP : SYSTEM_WARM_UP,
    instances,
    together: values.together ?? false,
    json: values.json,
    series: values.series,
    profile: values.profile,
  };
}

const rateOf = (given: string | undefined, otherwise: number): number =>
  wholeNumber('rate', given, { otherwise, max: 100_000 });

function deathsOf(given: string): readonly Death[] {
  const chosen = DEATHS.filter((death) => given === 'all' || given === death);
  if (chosen.length === 0) throw new UsageError(`--kill-brokers is one of ${DEATHS.join(', ')}, or all, not ${given}`);
  return chosen;
}

const NAMES: readonly string[] = [...SCENARIOS, START].map(({ name }) => name);
const needsTwo = (name: string): boolean => scenarioOf(name)?.restarts !== undefined;
const scenarioOf = (wanted: string): Scenario | undefined => SCENARIOS.find(({ name }) => name === wanted);

/** In the order in which they are run: as they are asked for. */
function namesOf(
  { scenario, all, quick, together }: { scenario?: string; all?: boolean; quick?: boolean; together?: boolean },
  instances: number,
): readonly string[] {
  if (scenario === undefined) {
    if (all) return NAMES.filter((name) => (instances > 1 && !together) || !needsTwo(name));
    return quick ? QUICK_NAMES : NAMES.filter((name) => !NOT_QUICK.has(name));
  }
  const names = scenario.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no scenario "${unknown}": ${NAMES.join(', ')}`);
  return names;
}
