import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { MS_PER_TICK } from './processes.js';

/** Which of a CPU's figures in `/proc/stat` they are, counted from its name: user, nice, system, and interrupts of both kinds. */
const BUSY = [1, 2, 3, 6, 7];
const STEAL = [8];

function spentMs(figures: readonly number[]): number {
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const fields = first.split(/\s+/);
  return figures.reduce((sum, figure) => sum + Number(fields[figure] ?? 0), 0) * MS_PER_TICK;
}

/** What others on the same host took from this machine's cores since it began, ms: time in which it wanted to run and could not. */
export const stolenMs = (): number => spentMs(STEAL);

/** What all processes of this machine, and its kernel, have used of its cores since it began, ms. */
export const busyMs = (): number => spentMs(BUSY);

/** What a report says of where it was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly postgres: string;
  /** The load of the machine in the minute before the run, and in its last one: the bench itself counts in the second. */
  readonly loadBefore: number;
  readonly loadAfter: number;
}

export const loadOfTheMachine = (): number => loadavg()[0] ?? NaN;

/** At the end of a run. */
export function describeMachine({ postgres, loadBefore }: Pick<Machine, 'postgres' | 'loadBefore'>): Machine {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    node: process.versions.node,
    postgres,
    loadBefore,
    loadAfter: loadOfTheMachine(),
  };
}

const ROUNDS = 40;
const TEXT = JSON.stringify(
  Array.from({ length: 20 }, (_, n) => ({ sku: `SKU-${n}`, quantity: n, price: { amount: '12.34', currency: 'EUR' } })),
);

/**
 * CPU time, µs, that reading and writing 1.5 KB of JSON takes now: how much a CPU-ms is worth. On a shared host it doubles
 * and halves within the hour, and all CPU-ms with it.
 */
export function jsonMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round++) JSON.stringify(JSON.parse(TEXT));
  const used = process.cpuUsage();
  return (used.user - user + used.system - system) / ROUNDS;
}
