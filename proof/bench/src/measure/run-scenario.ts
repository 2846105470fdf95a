import { setTimeout as delay } from 'node:timers/promises';
import { HOST_PROCESS, PROCESS_NAMES, type RunningEnvironment } from '@backstep/infrastructure';
import { Load, type LoadShape } from '../load/load.js';
import type { Result, Second } from '../result.js';
import type { Scenario } from '../scenarios.js';
import type { Started } from '../system/start.js';
import { resultOf, seriesOf, type MachineSample, type Measured } from './figures.js';
import { jsonMicroseconds } from './machine.js';
import { Probe } from './probe.js';

const LOOK_EVERY_MS = 1_000;

const nameOf = (load: LoadShape | undefined): string => {
  if (!load) return 'none';
  return load.kind === 'closed' ? `closed, ${load.clients} clients` : `open, ${load.perSecond}/s`;
};

/** Warms up, measures for a while, and waits until everything accepted has ended. */
export async function runScenario(
  { name, orders, warmUpSeconds, seconds, restarts = [] }: Scenario,
  shape: LoadShape | undefined,
  { system, outcomes, gatewayUrls, dir }: Started,
  { instances, profiled }: { readonly instances: number; readonly profiled: boolean },
  tick: (ended: number) => void,
  signal: AbortSignal,
): Promise<{ readonly result: Result; readonly series: readonly Second[] }> {
  const probe = new Probe(() => system.environment(), dir);
  await probe.open();
  const load = shape && new Load(gatewayUrls, outcomes, orders, shape);
  const machine: MachineSample[] = [];
  let ended = 0;
  const watching = setInterval(() => {
    const { residentBytes } = probe.uses();
    machine.push({ at: performance.now(), residentBytes, jsonMicroseconds: jsonMicroseconds() });
    const now = load?.samples.size ?? 0;
    tick(now - ended);
    ended = now;
  }, LOOK_EVERY_MS);
  try {
    load?.start();
    await delay(warmUpSeconds * 1_000, undefined, { signal });
    if (profiled) signalServices(system.environment());
    const from = await probe.read();
    await Promise.all([delay(seconds * 1_000, undefined, { signal }), inTurn(restarts, (one) => system.restart(one))]);
    const to = await probe.read();
    if (profiled) signalServices(system.environment());
    clearInterval(watching);
    const stopping = performance.now();
    const unfinished = load ? await load.stop() : 0;
    const settledSeconds = (performance.now() - stopping) / 1_000;
    const outbox = await probe.outbox();
    outcomes.assertFollowing();
    const refusals = load?.refusals ?? { later: 0, otherwise: {} };
    const samples = load?.samples ?? [];
    const measured: Measured = {
      scenario: name,
      load: nameOf(shape),
      instances,
      from,
      to,
      samples,
      machine,
      refusals,
      unfinished,
      settledSeconds,
      outbox,
      restarted: restarts.length > 0,
    };
    return { result: resultOf(measured), series: seriesOf(measured) };
  } finally {
    clearInterval(watching);
    await probe.close();
  }
}

async function inTurn(names: readonly string[], act: (name: string) => Promise<void>): Promise<void> {
  for (const name of names) await act(name);
}

/** Begins the profiles, and the second time ends and writes them: see inside/profiler.ts. */
function signalServices({ processes }: RunningEnvironment): void {
  for (const pid of [...PROCESS_NAMES, HOST_PROCESS].flatMap((name) => processes[name] ?? []))
    process.kill(pid, 'SIGUSR2');
}
