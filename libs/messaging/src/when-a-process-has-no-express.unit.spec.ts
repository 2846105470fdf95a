import { beforeEach, describe, expect, it } from '@jest/globals';
import { KafkaUnavailableError, type MembersOf } from '@backstep/kafka';
import { newId } from '@backstep/messages';
import type { OutboxMessage } from '@backstep/outbox';
import { ExpressLanes } from '@backstep/unit-of-work';
import { waitUntil } from '@backstep/testing';
import { ServiceExpress, type ExpressOutcome } from './express.js';
import { ExpressOfAll } from './express-of-all.js';
import { WITHOUT_ADDRESS } from './express-socket/index.js';

/**
 * Goal: a service hands over only while all of its processes have express, so that each message of a process that has none is learned of.
 * Method: the express of a service, in front of the real lanes of a reader; the spec says who is in the group.
 */
const TOPIC = 'oven.commands';
const WITH = { address: WITHOUT_ADDRESS, assigned: {} };
const WITHOUT = { address: undefined, assigned: {} };
/** A process that is never busy, so that no message waits for others. */
const IDLE = { now: () => 0, scheduled: () => ({ ranMs: 0, waitedMs: 0 }), after: () => undefined };

let members: MembersOf | 'dealing' | 'away';
let asked: number;
let told: string[];
let outcomes: ExpressOutcome[];
let ran: string[];
let lanes: ExpressLanes;
let express: ServiceExpress;
beforeEach(() => {
  members = [WITH];
  asked = 0;
  told = [];
  outcomes = [];
  ran = [];
  const run = ({ value }: OutboxMessage): Promise<boolean> => Promise.resolve(ran.push(value) > 0);
  lanes = new ExpressLanes(
    { topics: [TOPIC], handles: () => true, concerns: () => true, run },
    { isCurrent: () => true, clock: IDLE },
  );
  lanes.own([0]);
  const read = (groups: readonly string[]): Promise<ReadonlyMap<string, MembersOf>> => {
    asked++;
    if (members === 'away') return Promise.reject(new KafkaUnavailableError('away'));
    const found = members;
    return Promise.resolve(new Map(found === 'dealing' ? [] : groups.map((group) => [group, found])));
  };
  const logger = { warn: (message: string) => told.push(message), debug: () => undefined };
  express = new ServiceExpress(
    { lingerMs: 1 },
    {
      readers: { here: new Map([['oven', lanes]]), readersOf: () => ['oven'] },
      ofAll: new ExpressOfAll({ groupId: 'g', members: { read, close: () => Promise.resolve() }, logger }),
      count: (outcome) => outcomes.push(outcome),
    },
  );
  express.connect(undefined, { isOwner: true, isCurrent: true });
});

const aMessage = (value: string): OutboxMessage => ({
  ...{ id: newId(), topic: TOPIC, shard: 0, key: 'k', headers: { ce_type: 'Bake' }, value, bytes: 0 },
});
const commit = (value: string) => {
  const message = aMessage(value);
  return { message, taken: express.sending.express.offer(message) };
};
/** As a consumer with Kafka's copies. */
async function brings(...messages: OutboxMessage[]): Promise<void> {
  const batch = messages.map(({ id, topic, shard: partition, key, headers, value }) => ({
    ...{ topic, partition, key, value, offset: '0', timestamp: 0, unreadable: undefined },
    headers: { ...headers, ce_id: id },
  }));
  lanes.settled(await lanes.arrived(batch));
}
/** A message goes by Kafka alone, and Kafka brings it. */
async function goesByKafka(value: string): Promise<void> {
  const { message, taken } = commit(value);
  expect(taken).toBe('waits-for-kafka');
  await brings(message);
}
/** Kafka is asked as soon as the group has dealt. */
const kafkaHasSaid = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** Commits until a message is handed over. */
const handsOver = (): Promise<unknown> =>
  waitUntil('it hands over', async () => {
    const { message, taken } = commit('open');
    if (taken === 'handed-over') return true;
    await brings(message);
    return false;
  });

describe('a service', () => {
  it('a service hands over when all of its processes have express', async () => {
    express.begin();
    await handsOver();
    expect(told).toEqual([]);
  });

  it('a service hands nothing over while one of its processes has no express, and says so', async () => {
    members = [WITH, WITHOUT];
    express.begin();
    await kafkaHasSaid();
    for (const value of ['1', '2', '3']) await goesByKafka(value);
    expect(ran).toEqual([]);
    expect(outcomes).toEqual(Array(3).fill('kafka_alone'));
    expect(told).toEqual(['nothing goes by express: not all processes of this service have it']);
  });

  it('a service hands nothing over before Kafka has said who its processes are', async () => {
    members = 'dealing';
    express.begin();
    await kafkaHasSaid();
    await goesByKafka('1');
    members = 'away';
    await waitUntil('Kafka is asked again', () => asked > 2);
    await goesByKafka('2');
    expect(ran).toEqual([]);
    members = [WITH];
    await handsOver();
  });

  it('a service learns anew who its processes are when its group has dealt', async () => {
    express.begin();
    await handsOver();
    members = [WITH, WITHOUT];
    express.begin();
    await goesByKafka('1');
    await kafkaHasSaid();
    await goesByKafka('2');
    members = [WITH];
    express.begin();
    await handsOver();
  });

  it('a service that has learned that all have express begins with a message by Kafka alone, though the lane is open', async () => {
    express.begin();
    await handsOver();
    express.begin();
    await kafkaHasSaid();
    ran.length = 0;
    // What a process without express wrote meanwhile may lie in Kafka unread.
    expect(commit('1').taken).toBe('waits-for-kafka');
    expect(ran).toEqual([]);
  });

  it('a service asks Kafka no more when its shards are given up', async () => {
    members = 'dealing';
    express.begin();
    await kafkaHasSaid();
    await express.letGo();
    members = [WITH];
    expect(commit('1').taken).toBe('waits-for-kafka');
    expect(ran).toEqual([]);
  });
});
