import { chosen, FLAG, parsed, TEXT, UsageError, wholeNumber } from '../option-values.js';
import { PHASE_GROUPS, type PhaseGroup } from './phases.js';
import { SYSTEM_NAMES, VARIANT_NAMES, type SystemName } from './systems.js';

export interface CompareOptions {
  readonly systems: readonly SystemName[];
  readonly only: readonly PhaseGroup[];
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly rounds: number;
}

export type PeersOptions =
  | { readonly do: 'help' }
  | { readonly do: 'write'; readonly from: string }
  | ({ readonly do: 'run'; readonly json: string | undefined; readonly write: boolean } & CompareOptions);

const SECONDS = 10;
const WARM_UP_SECONDS = 20;
const ROUNDS = 2;
const SECONDS_MAX = 600;
const ROUNDS_MAX = 20;
const ALL: readonly SystemName[] = [...SYSTEM_NAMES, ...VARIANT_NAMES];
const OPTIONS = {
  peers: FLAG,
  help: FLAG,
  systems: TEXT,
  only: TEXT,
  seconds: TEXT,
  'warm-up': TEXT,
  rounds: TEXT,
  json: TEXT,
  write: FLAG,
  from: TEXT,
};

export const peersUsage = (): string => `npm run bench -- --peers [options]

  --systems A,B   these systems; default: ${SYSTEM_NAMES.join(', ')}; beside: ${VARIANT_NAMES.join(', ')}
  --only GROUP    these phases: ${PHASE_GROUPS.join(' or ')}; default: both, the quiet ones first
  --seconds S     measure each phase for so long; default ${SECONDS}
  --warm-up S     load on a fresh system, before its phases; default ${WARM_UP_SECONDS}
  --rounds R      run each system so often, in turn; default ${ROUNDS}
  --json FILE     write all that was measured
  --write         write it into proof/bench/README.md and proof/bench/results
  --from FILE     with --write: what --json has written, instead of a run

The same orders, placed by the same clients, with the same provider to pay, by Backstep and by systems that promise as much: each in turn, on
a PostgreSQL of its own with fsync and synchronous_commit on. Restate's server is installed at its first use, into the cache folder
(BACKSTEP_CACHE_DIR). Exit code 1: orders did not end, or the rows do not agree.
`;

/** @throws UsageError */
export function readPeersOptions(args: readonly string[]): PeersOptions {
  const { values } = parsed({ args: [...args], options: OPTIONS });
  if (values.help) return { do: 'help' };
  if (values.from !== undefined) {
    if (!values.write) throw new UsageError('--from goes with --write: there is nothing else to do with a file');
    return { do: 'write', from: values.from };
  }
  const options = {
    do: 'run' as const,
    systems: values.systems === undefined ? SYSTEM_NAMES : chosen('systems', values.systems, ALL),
    only: chosen('only', values.only, PHASE_GROUPS),
    seconds: wholeNumber('seconds', values.seconds, { otherwise: SECONDS, max: SECONDS_MAX }),
    warmUpSeconds: wholeNumber('warm-up', values['warm-up'], { otherwise: WARM_UP_SECONDS, max: SECONDS_MAX }),
    rounds: wholeNumber('rounds', values.rounds, { otherwise: ROUNDS, max: ROUNDS_MAX }),
    json: values.json,
    write: values.write ?? false,
  };
  const isWhole =
    SYSTEM_NAMES.every((name) => options.systems.includes(name)) && options.only.length === PHASE_GROUPS.length;
  if (options.write && !(isWhole && options.rounds >= ROUNDS))
    throw new UsageError(
      `--write takes all systems, all phases and at least ${ROUNDS} rounds: the document shows them`,
    );
  return options;
}
