import { describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import type { OutboxMessage } from '@backstep/outbox';
import { ExpressLanes } from './lanes.js';
import { ExpressToReaders } from './to-readers.js';

/**
 * Goal: a message is offered once to each service that reads its topic, where its shard is; and readers elsewhere learn of each that they do not get.
 * Method: real lanes, of a process that owns shard 0; what goes elsewhere is written down.
 */
const TOPIC = 'oven.events';
const SHARD_ELSEWHERE = 1;

const aMessage = (changes: Partial<OutboxMessage> = {}): OutboxMessage => ({
  ...{ id: newId(), topic: TOPIC, shard: 0, key: 'k', headers: { ce_type: 'Baked' }, value: '', bytes: 0 },
  ...changes,
});

/** A process that is never busy, so that no message waits for others. */
const IDLE = { now: () => 0, scheduled: () => ({ ranMs: 0, waitedMs: 0 }), after: () => undefined };

/** The lanes of one reader in this process. */
function reader() {
  const ran: string[] = [];
  const run = ({ value }: OutboxMessage): Promise<boolean> => Promise.resolve(ran.push(value) > 0);
  const lanes = new ExpressLanes(
    { topics: [TOPIC], handles: () => true, concerns: () => true, run },
    { isCurrent: () => true, clock: IDLE },
  );
  lanes.own([0]);
  return { ran, lanes };
}

function process(readers: readonly string[] | undefined, isTakenElsewhere = true) {
  const counter = reader();
  const numbers = new Map<number, number>();
  const offered: string[] = [];
  const express = new ExpressToReaders({
    here: new Map([['counter', counter.lanes]]),
    readersOf: (topic) => (topic === TOPIC ? readers : undefined),
    elsewhere: {
      count: ({ shard }) => {
        numbers.set(shard, (numbers.get(shard) ?? 0) + 1);
        return numbers.get(shard) ?? 0;
      },
      offer: (service, { value }, number) => {
        offered.push(`${service} ${number} ${value}`);
        return isTakenElsewhere;
      },
    },
  });
  /** Kafka brings the first message, so that the lane of the reader here is open. */
  const open = async (): Promise<void> => {
    const first = aMessage({ value: 'first' });
    express.offer(first);
    const { id, topic, shard: partition, key, headers, value } = first;
    const copy = { topic, partition, key, value, offset: '0', timestamp: 0, unreadable: undefined };
    const batch = [{ ...copy, headers: { ...headers, ce_id: id } }];
    await counter.lanes.arrived(batch);
    counter.lanes.settled(batch);
    offered.length = 0;
  };
  return { express, ran: counter.ran, offered, open };
}

describe('a message', () => {
  it('a message is handed over when its readers here and elsewhere have taken it, each once', async () => {
    const { express, ran, offered, open } = process(['counter', 'ledger']);
    await open();
    expect(express.offer(aMessage({ value: 'a' }))).toBe('handed-over');
    expect({ ran, offered }).toEqual({ ran: ['a'], offered: ['ledger 2 a'] });
  });

  it('a message of a shard that the reader of this process does not own goes to the process that does', () => {
    const { express, ran, offered } = process(['counter']);
    expect(express.offer(aMessage({ value: 'a', shard: SHARD_ELSEWHERE }))).toBe('handed-over');
    expect({ ran, offered }).toEqual({ ran: [], offered: ['counter 1 a'] });
  });

  it('a message waits for Kafka when a reader elsewhere has not taken it, though the reader here has', async () => {
    const { express, ran, open } = process(['counter', 'ledger'], false);
    await open();
    expect(express.offer(aMessage({ value: 'a' }))).toBe('waits-for-kafka');
    expect(ran).toEqual(['a']);
  });

  it('a message waits for Kafka when the reader here does, and is not offered elsewhere for that', () => {
    const { express, offered } = process(['counter']);
    expect(express.offer(aMessage())).toBe('waits-for-kafka');
    expect(offered).toEqual([]);
  });

  it('a message whose readers nobody knows waits for Kafka, and is offered to those of this process', async () => {
    const { express, ran, open } = process(undefined);
    await open();
    expect(express.offer(aMessage({ value: 'a' }))).toBe('waits-for-kafka');
    expect(ran).toEqual(['a']);
  });

  it('a message that goes by Kafka alone has a number, too: what follows it shows its readers a gap', async () => {
    const { express, offered, open } = process(['ledger']);
    await open();
    express.offer(aMessage({ value: 'a' }));
    express.skip(aMessage({ value: 'b' }));
    express.offer(aMessage({ value: 'c' }));
    expect(offered).toEqual(['ledger 2 a', 'ledger 4 c']);
  });

  it('a message that goes by Kafka alone is not overtaken by what follows it here', async () => {
    const { express, ran, open } = process(['counter']);
    await open();
    express.skip(aMessage({ value: 'a' }));
    expect(express.offer(aMessage({ value: 'b' }))).toBe('waits-for-kafka');
    expect(ran).toEqual([]);
  });
});
