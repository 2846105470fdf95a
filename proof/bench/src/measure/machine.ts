import { readFileSync } from 'node:fs';
import { MS_PER_TICK } from './processes.js';

/** Which of a CPU's figures in `/proc/stat` it is, counted from its name. */
const STEAL = 8;

/** What others on the same host took from this machine's cores since it began, ms: time in which it wanted to run and could not. */
export function stolenMs(): number {
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  return Number(first.split(/\s+/)[STEAL] ?? 0) * MS_PER_TICK;
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
