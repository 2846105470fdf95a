import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PARTITIONS, TOPICS } from '@backstep/contracts';
import { Random } from '@backstep/simulation';
import { readFileSync } from 'node:fs';
import { calm, throwIn, type HostileBatch, type Target } from './hostile/throw-in.js';
import { Load, openShop } from './load/load.js';
import { Story } from './story.js';
import { start, type Started } from './system/start.js';
import { comeToRest } from './verdict/at-rest.js';
import { compare } from './verdict/compare.js';
import { askDoctor } from './verdict/doctor.js';
import { gatherFacts } from './verdict/facts.js';
import { compareParked } from './verdict/parked.js';

/**
 * Goal: nothing that is written into a topic ends a process, stops a partition, or holds more than its own key.
 * Method: thousands of records from a seed, of any codec, size, bytes and time, some in broken batches, into every topic of a real
 * broker while orders run. Nobody starts a service again here: one that ends stays down, and is seen.
 */
const SEED = Number(process.env['HOSTILE_SEED'] ?? 20_261);
const ROUNDS = 4;
const BATCHES_A_ROUND = 60;
const ORDERS_A_SECOND = 8;
/** Most that a service may hold in memory at any time, in bytes: what it takes at rest, and what a fetch may bring. */
const RESIDENT_MAX = 700_000_000;
const KIB = 1_024;

let started: Started;
/** Its folder is left where the spec failed: the logs say why. */
let clean = false;
beforeAll(async () => {
  started = await start({ instances: 1, links: [], clocks: [] }, new Story(() => undefined));
}, 120_000);
afterAll(async () => {
  await started.stop();
  if (clean) await started.remove();
  else console.error(`logs and databases are left in ${started.dir}`);
}, 120_000);

/** The most a process ever had, in bytes, as Linux counts; undefined elsewhere. */
function peakOf(pid: number): number | undefined {
  try {
    const [, peak] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return peak === undefined ? undefined : Number(peak) * KIB;
  } catch {
    return undefined;
  }
}

const services = (): [name: string, pid: number][] =>
  [...started.keeper.running()].filter(([name]) => name !== 'kafka' && name !== 'postgres');

describe('whatever a stranger writes into the topics', () => {
  it('every service survives hostile records, every order ends, and only hostile records are parked', async () => {
    const { system, dir } = started;
    const { databases, kafka } = system.environment();
    const before = services();
    await openShop(system.gatewayUrl, databases['order'] ?? '');
    const random = new Random(SEED);
    const load = new Load(system.gatewayUrl, new Random(SEED + 1), ORDERS_A_SECOND);
    const target: Target = {
      broker: kafka.brokers[0] ?? '',
      topics: TOPICS.map(({ name }) => name),
      partitions: PARTITIONS,
    };
    load.start();
    const hostile: HostileBatch[] = [];
    let refused = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const thrown = await throwIn(target, BATCHES_A_ROUND, random);
      hostile.push(...thrown.taken);
      refused += thrown.refused;
    }
    await load.shutDoor();
    await calm(target);
    const waiting = await load.everybodyOut();
    const rest = await comeToRest(started);

    expect({ seed: SEED, restless: 'restless' in rest ? rest.restless : [], waiting }).toEqual({
      seed: SEED,
      restless: [],
      waiting: 0,
    });
    expect(services()).toEqual(before);
    const facts = await gatherFacts(started);
    expect(compare(load.record.keys, facts.kept, load.record.cancelled)).toEqual([]);
    expect(compareParked({ poisoned: [], hostile }, facts.parked, new Set())).toEqual([]);
    expect(await askDoctor(dir)).toEqual([]);
    const large = before.flatMap(([name, pid]) =>
      (peakOf(pid) ?? 0) > RESIDENT_MAX ? [`${name}: ${peakOf(pid)}`] : [],
    );
    expect(large).toEqual([]);

    // The storm was one.
    const records = hostile.reduce((sum, batch) => sum + batch.records, 0);
    expect(records).toBeGreaterThan(2_000);
    expect(refused).toBeGreaterThan(0);
    expect(facts.parked.length).toBeGreaterThan(records / 10);
    expect(load.record.accepted).toBeGreaterThan(50);
    clean = true;
  }, 400_000);
});
