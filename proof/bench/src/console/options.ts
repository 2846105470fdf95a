import { chosen, FLAG, parsed, TEXT, UsageError, wholeNumber } from '../option-values.js';
import { FOLLOWED_TIMES } from './follow.js';
import { PARTS, type PartName } from './parts.js';

export interface MeasureOptions {
  readonly only: readonly PartName[];
  readonly seconds: number;
  readonly orders: number;
}

export type ConsoleOptions =
  | { readonly do: 'help' }
  | { readonly do: 'write'; readonly from: string }
  | ({ readonly do: 'run'; readonly json: string | undefined; readonly write: boolean } & MeasureOptions);

const SECONDS = 5;
const SECONDS_MAX = 600;
/** As many as the list of orders is to scroll through; they make more messages than a page of the log looks at. */
const ORDERS = 10_000;
const ORDERS_MAX = 1_000_000;
const NAMES = Object.keys(PARTS) as PartName[];
const OPTIONS = { help: FLAG, only: TEXT, seconds: TEXT, orders: TEXT, json: TEXT, write: FLAG, from: TEXT };

export const consoleUsage = (): string => `npm run bench -- console [options]

  --only PART     these: ${NAMES.join(', ')}; default: all
  --seconds S     measure each phase for so long, and pages that follow ${FOLLOWED_TIMES} times as long; default ${SECONDS}
  --orders N      place so many before anything is measured; default ${ORDERS}
  --json FILE     write all that was measured
  --write         write it into proof/bench/README.md and proof/bench/results
  --from FILE     with --write: what --json has written, instead of a run

The whole system as \`npm start\` runs it, and the console in Chromium:
${NAMES.map((name) => `  ${name.padEnd(10)}  ${PARTS[name].about}`).join('\n')}
Each figure is told beside its budget. Without a browser what needs one is not measured, and told so. Exit code 1: the system has failed;
a budget that is missed is told, and is none of that.
`;

/** @throws UsageError */
export function readConsoleOptions(args: readonly string[]): ConsoleOptions {
  const { values } = parsed({ args: [...args], options: OPTIONS });
  if (values.help) return { do: 'help' };
  if (values.from !== undefined) {
    if (!values.write) throw new UsageError('--from goes with --write: there is nothing else to do with a file');
    return { do: 'write', from: values.from };
  }
  const options = {
    do: 'run' as const,
    only: chosen('only', values.only, NAMES),
    seconds: wholeNumber('seconds', values.seconds, { otherwise: SECONDS, max: SECONDS_MAX }),
    orders: wholeNumber('orders', values.orders, { otherwise: ORDERS, max: ORDERS_MAX }),
    json: values.json,
    write: values.write ?? false,
  };
  const isWhole = options.only.length === NAMES.length && options.seconds >= SECONDS && options.orders >= ORDERS;
  if (options.write && !isWhole)
    throw new UsageError(
      `--write takes all parts, at least ${SECONDS} seconds and ${ORDERS} orders: the document shows them`,
    );
  return options;
}
