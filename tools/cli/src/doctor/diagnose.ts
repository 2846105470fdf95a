import type { RunningEnvironment } from '@backstep/infrastructure';
import { setTimeout as delay } from 'node:timers/promises';
import { examine, lasting } from '@backstep/doctor';
import { gather, type GatherOptions } from './gather/gather.js';
import { report, type Report } from './report.js';

/** The pause between two looks: what was in flight at the first has moved on by the second. */
const LOOK_AGAIN_AFTER_MS = 2_000;

/**
 * Examines the whole system. When it finds a violation while orders flow, a second look decides: see {@link lasting}.
 * @throws UnreachableError when a database, Kafka or the provider does not answer
 */
export async function diagnose(environment: RunningEnvironment, options: GatherOptions): Promise<Report> {
  const since = performance.now();
  const first = await gather(environment, options);
  const verdicts = examine(first.evidence);
  if (first.evidence.atRest || verdicts.every(({ found }) => found === 0)) {
    return report(first, verdicts, performance.now() - since);
  }
  await delay(LOOK_AGAIN_AFTER_MS);
  const second = await gather(environment, { ...options, settleMs: 0 });
  return report(second, lasting(verdicts, examine(second.evidence)), performance.now() - since);
}
