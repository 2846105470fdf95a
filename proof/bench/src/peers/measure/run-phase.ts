import { setTimeout as delay } from 'node:timers/promises';
import { Load } from '../../load/load.js';
import { spread } from '../../load/orders.js';
import type { RunningSystem } from '../compared-system.js';
import type { Phase } from '../phases.js';
import type { Confirmations } from './confirmations.js';
import { figuresOf, type Figures } from './figures.js';
import type { Meter } from './meter.js';

/** Until the first orders of a phase have ended: not measured. */
const RAMP_MS = 1_000;

export interface Measuring {
  readonly system: RunningSystem;
  readonly confirmations: Confirmations;
  readonly meter: Meter;
}

/** Measures for a while, and waits until everything accepted has ended. */
export async function runPhase(
  { load: shape }: Phase,
  { system, confirmations, meter }: Measuring,
  seconds: number,
  signal: AbortSignal,
): Promise<Figures> {
  confirmations.begin();
  const load = shape && new Load([system.ordersUrl], confirmations, spread, shape);
  load?.start();
  await delay(RAMP_MS, undefined, { signal });
  const from = await meter.read();
  await delay(seconds * 1_000, undefined, { signal });
  const to = await meter.read();
  const memoryMb = meter.memoryMb();
  const unfinished = load ? await load.stop() : 0;
  confirmations.assertLooking();
  return figuresOf({
    from,
    to,
    samples: load?.samples ?? [],
    sagaTimes: confirmations.sagaTimes,
    refusals: load?.refusals ?? { later: 0, otherwise: {} },
    unfinished,
    memoryMb,
  });
}
