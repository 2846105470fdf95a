import { setTimeout as delay } from 'node:timers/promises';
import { useOf } from '../measure/processes.js';
import { KB } from '../measure/units.js';
import { atRate, type Rate } from './at-rate.js';
import type { Bench, Part } from './bench.js';
import { figure, type Row } from './rows.js';
import { StreamReaders } from './stream-readers.js';

const PER_SECOND = 200;
/** What 100 clients may add, % of a core. */
const ADDED_MAX = 5;
const EVERYTHING = 'tick,orders,sagas,messages';
/** As the list of orders watches. */
const ORDERS = 'tick,orders';
/** Without clients twice: a system gets quicker under load. What may be more than the machine can do comes last. */
const CELLS = [
  { clients: 0, watch: EVERYTHING },
  { clients: 1, watch: EVERYTHING },
  { clients: 100, watch: ORDERS },
  { clients: 0, watch: EVERYTHING },
  { clients: 100, watch: EVERYTHING },
] as const;
/** Before each: streams that have ended are closed meanwhile. */
const SETTLE_MS = 2_000;

interface Cell {
  readonly clients: number;
  readonly watch: string;
  /** When it was measured, of the monotonic clock. */
  readonly from: number;
  readonly to: number;
  /** Of a core, %. */
  readonly cpu: number;
  readonly kbPerSecond: number;
  readonly shed: number;
  /** Why a client read no more. */
  readonly lost: string | undefined;
}

/** What streams cost the gateway, whose process is the only one that is looked at. */
export const stream: Part = {
  about: `GET /v1/stream at ${PER_SECOND} orders/s with 0, 1 and 100 clients: the gateway's CPU`,
  inBrowser: [],
  async measure(bench) {
    const { started, signal } = bench;
    const { measured, rateBetween } = await atRate(started, PER_SECOND, signal, async () => {
      const cells: Cell[] = [];
      for (const { clients, watch } of CELLS) cells.push(await cellOf(bench, clients, watch));
      return cells;
    });
    return rowsOf(measured.map((cell) => ({ ...cell, rate: rateBetween(cell.from, cell.to) })));
  },
};

async function cellOf({ started, seconds, signal }: Bench, clients: number, watch: string): Promise<Cell> {
  const url = new URL(`/v1/stream?watch=${watch}`, started.system.gatewayUrl);
  const readers = clients > 0 ? await StreamReaders.start(url, clients, signal) : undefined;
  try {
    await delay(SETTLE_MS, undefined, { signal });
    const before = await readers?.read(signal);
    const cpuBefore = gatewayMs(started);
    const from = performance.now();
    await delay(seconds * 1_000, undefined, { signal });
    const to = performance.now();
    const cpu = (100 * (gatewayMs(started) - cpuBefore)) / (to - from);
    const after = await readers?.read(signal);
    return {
      ...{ clients, watch, from, to, cpu, lost: readers?.lost },
      kbPerSecond: ((after?.bytes ?? 0) - (before?.bytes ?? 0)) / KB / ((to - from) / 1_000),
      shed: (after?.shed ?? 0) - (before?.shed ?? 0),
    };
  } finally {
    await readers?.stop();
  }
}

/** @throws Error when the gateway is gone */
function gatewayMs({ system }: Bench['started']): number {
  const [pid = NaN] = system.environment().processes['gateway'] ?? [];
  const use = useOf(pid);
  if (!use) throw new Error('the gateway is gone');
  return use.cpuMs;
}

type Rated = Omit<Cell, 'from' | 'to'> & { readonly rate: Rate };

/** With clients, what they add to the gateway without any. */
export function rowsOf(cells: readonly Rated[]): readonly Row[] {
  const without = cells.filter(({ clients }) => clients === 0);
  const usable = without.filter(({ rate }) => rate.tooFew === undefined).map(({ cpu }) => cpu);
  const base = usable.reduce((sum, cpu) => sum + cpu, 0) / usable.length;
  const unit = ' % of a core';
  return [
    {
      what: 'the gateway without clients of its stream',
      ...{ limit: null, unit, measured: figure(base) },
      how: without.map(({ cpu, rate }) => rate.tooFew ?? `${cpu.toFixed(1)} at ${told(rate)}`).join(', then '),
    },
    ...cells
      .filter(({ clients }) => clients > 0)
      .map(({ clients, watch, cpu, kbPerSecond, shed, lost, rate }) => {
        const unusable = rate.tooFew ?? lost;
        const leftOut = shed > 0 ? `, and ${shed} times something was left out` : '';
        return {
          what: `what ${clients === 1 ? '1 client adds' : `${clients} clients add`}, ${watch === ORDERS ? '`tick` and `orders`' : 'all kinds'}`,
          limit: clients === 1 ? null : ADDED_MAX,
          ...{ unit, measured: unusable === undefined ? figure(cpu - base) : null },
          how: unusable ?? `${told(rate)}; ${kbPerSecond.toFixed(0)} KB/s are sent${leftOut}`,
        };
      }),
  ];
}

const told = ({ perSecond }: Rate): string => `${perSecond.toFixed(0)} orders/s`;
