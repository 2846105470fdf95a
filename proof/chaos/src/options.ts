import { parseArgs } from 'node:util';

export interface ChaosOptions {
  readonly seed: number;
  readonly seeds: number;
  readonly minutes: number;
  readonly instances: number | undefined;
  readonly hosts: number | undefined;
  readonly sockets: boolean;
  readonly faults: readonly string[] | undefined;
  readonly rate: number;
  readonly keep: boolean;
  readonly json: string | undefined;
  readonly tally: string | undefined;
}

export const USAGE = `npm run chaos -- [options]

  --seed N          the run to do; default 1
  --seeds K         that many runs, of the seeds from N on; default 1
  --minutes M       how long faults and orders last; default 2
  --instances I     1 or 2 of each service; default by the seed
  --together        all services in one process, which hand each other their messages; EXPRESS=false before it: they do not
  --hosts H         1 or 2 processes of all services; not with --instances
  --sockets         services apart hand over to each other from process to process, and what is between them is cut, too
  --faults A,B      draw from these only; names as the story tells them
  --rate R          orders a second; default 25
  --json FILE       append one line of figures for each run
  --tally FILE      add up what --json wrote, and run nothing
  --keep            leave logs and databases also of clean runs

The same seed draws the same faults at the same times for the same victims. What the machine makes of it differs.
`;

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError */
export function readOptions(args: readonly string[]): ChaosOptions {
  const { values } = parse(args);
  if (values.instances !== undefined && (values.hosts !== undefined || values.together))
    throw new UsageError('--instances is for services apart: leave it out, or --hosts and --together');
  if (values.sockets && (values.hosts !== undefined || values.together))
    throw new UsageError('--sockets is for services apart: leave it out, or --hosts and --together');
  const hosts = values.hosts ?? (values.together ? '1' : undefined);
  const faults = values.faults?.split(',').map((name) => name.trim());
  return {
    seed: number('seed', values.seed, 1, { whole: true, min: 0, max: 2 ** 32 - 1 }),
    seeds: number('seeds', values.seeds, 1, { whole: true, min: 1, max: 10_000 }),
    minutes: number('minutes', values.minutes, 2, { whole: false, min: 0.1, max: 24 * 60 }),
    instances:
      values.instances === undefined
        ? undefined
        : number('instances', values.instances, 1, { whole: true, min: 1, max: 2 }),
    hosts: hosts === undefined ? undefined : number('hosts', hosts, 1, { whole: true, min: 1, max: 2 }),
    sockets: values.sockets ?? false,
    faults,
    rate: number('rate', values.rate, 25, { whole: false, min: 0.1, max: 1_000 }),
    keep: values.keep ?? false,
    json: values.json,
    tally: values.tally,
  };
}

function parse(args: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({
      args: [...args],
      options: {
        seed: text,
        seeds: text,
        minutes: text,
        instances: text,
        hosts: text,
        together: { type: 'boolean' },
        sockets: { type: 'boolean' },
        faults: text,
        rate: text,
        json: text,
        tally: text,
        keep: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

interface Bounds {
  readonly whole: boolean;
  readonly min: number;
  readonly max: number;
}

function number(name: string, text: string | undefined, otherwise: number, { whole, min, max }: Bounds): number {
  const value = text === undefined ? otherwise : Number(text);
  if (Number.isNaN(value) || value < min || value > max || (whole && !Number.isInteger(value))) {
    throw new UsageError(`--${name} must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}, not ${text ?? ''}`);
  }
  return value;
}
