import { beforeAll, describe, expect, it } from '@jest/globals';
import { CLUSTER_NAMES } from '@backstep/infrastructure';
import { killBrokers, type Kill } from './kill-brokers.js';

/**
 * Goal: of three Kafka brokers any may die under load: everything that was accepted ends, and soon.
 * Method: the whole system on three real brokers, replicated as compose.cluster.yml has it and reached by name. Each is killed (kill -9) in
 * turn, and its name resolves no more (`getaddrinfo ENOTFOUND`, as of a container that is gone: the resolver of every process is told so).
 * The time that it takes is measured by `npm run bench -- --kill-brokers all`; here is only a bound that a busy machine keeps too.
 */
const RATE = 10;
const LOAD_MS = 4_000;
/** An `OrderPlaced` that was lost with a broker is announced again after a minute: that is beyond it. */
const ENDS_WITHIN_MS = 45_000;
const TIMEOUT_MS = 600_000;

describe('three brokers under load', () => {
  let kills: readonly Kill[] = [];
  beforeAll(async () => {
    const told: string[] = [];
    const options = { death: 'nameless', rate: RATE, warmUpMs: LOAD_MS, loadMs: LOAD_MS } as const;
    kills = await killBrokers({ ...options, print: (line) => told.push(line) }, new AbortController().signal);
    process.stderr.write(`${told.join('\n')}\n`);
  }, TIMEOUT_MS);

  it('each of three brokers is killed while it leads partitions, the first while it coordinates groups', () => {
    expect(kills.map(({ victim }) => victim).sort()).toEqual([...CLUSTER_NAMES].sort());
    for (const { led } of kills) expect(led).toBeGreaterThan(0);
    expect(kills[0]?.coordinated.length).toBeGreaterThan(0);
  });

  it('no accepted order is lost with a broker, and no request fails', () => {
    for (const { victim, accepted, failed, unfinished } of kills) {
      expect({ victim, failed, unfinished }).toEqual({ victim, failed: 0, unfinished: 0 });
      expect(accepted).toBeGreaterThan(0);
    }
  });

  it('no order is delayed for long by a killed broker', () => {
    for (const { lastMs } of kills) expect(lastMs).toBeLessThan(ENDS_WITHIN_MS);
  });
});
