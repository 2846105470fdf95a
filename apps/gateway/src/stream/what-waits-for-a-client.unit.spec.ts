import { describe, expect, it } from '@jest/globals';
import { ClientQueue, eventText, idText } from './client-queue.js';

/** Goal: a client that reads too slowly costs a bounded queue, and is told what it has missed. */
const MAX = 4;
const NOWHERE = (): undefined => undefined;
const filled = (...names: readonly ('message' | 'order')[]): ClientQueue => {
  const queue = new ClientQueue(MAX);
  names.forEach((name, at) => queue.add(name, `${name} ${at};`));
  return queue;
};

describe('what waits for a client', () => {
  it('events are taken once, as they came', () => {
    const queue = filled('message', 'order', 'message');
    expect(queue.take(NOWHERE)).toBe('message 0;order 1;message 2;');
    expect(queue.take(NOWHERE)).toBe('');
  });

  it('the oldest messages go first when the queue is full, and the client is told how many', () => {
    const queue = filled('order', 'message', 'message', 'message', 'order', 'message');
    expect(queue.missed).toBe(2);
    expect(queue.take(NOWHERE)).toBe(
      `${eventText('shed', { event: 'message', count: 2 })}order 0;message 3;order 4;message 5;`,
    );
    expect(queue.take(NOWHERE)).toBe('');
  });

  it('without a message to give up the oldest of the rest goes', () => {
    const queue = filled('order', 'order', 'order', 'order', 'order');
    expect(queue.take(NOWHERE)).toBe(
      `${eventText('shed', { event: 'order', count: 1 })}order 1;order 2;order 3;order 4;`,
    );
  });

  it('what is missed adds up until the client keeps up', () => {
    const queue = filled('message', 'message', 'message', 'message', 'message');
    queue.take(NOWHERE);
    for (let more = 0; more < MAX + 3; more++) queue.add('message', '.');
    expect(queue.missed).toBe(4);
    queue.take(NOWHERE);
    queue.add('message', '.');
    queue.take(NOWHERE);
    expect(queue.missed).toBe(0);
  });

  it('of ticks the last one waits', () => {
    const queue = new ClientQueue(MAX);
    queue.add('tick', 'first;');
    queue.add('tick', 'second;');
    expect(queue.take(NOWHERE)).toBe('second;');
  });

  it('of each thing that is told anew the last one waits, also while the client catches up, however many come', () => {
    const queue = new ClientQueue(MAX);
    queue.hold();
    for (let count = 0; count < 3 * MAX; count++)
      for (const name of ['faults', 'contention', 'invariants'] as const) queue.add(name, `${name} ${count};`);
    expect(queue.take(NOWHERE)).toBe('faults 11;contention 11;invariants 11;');
    expect([queue.take(NOWHERE), queue.missed]).toEqual(['', 0]);
  });

  it('a held queue gives whether Kafka is reachable, and the rest once it is released', async () => {
    const queue = new ClientQueue(MAX);
    queue.hold();
    queue.add('message', 'message;');
    queue.add('kafka', 'kafka;');
    expect(queue.take(NOWHERE)).toBe('kafka;');
    let isFilled = false;
    const waiting = queue.filled().then(() => (isFilled = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isFilled).toBe(false);
    queue.release();
    await waiting;
    expect(queue.take(NOWHERE)).toBe('message;');
  });

  it('how far a client has got is said once behind all that waited, and with a tick alone not at all', () => {
    const queue = filled('message', 'order');
    queue.add('tick', 'tick;');
    const id = (): string => '7.1';
    expect(queue.take(id)).toBe(`message 0;order 1;${idText('7.1')}tick;`);
    queue.add('tick', 'tick;');
    expect(queue.take(id)).toBe('tick;');
    queue.hold();
    queue.add('message', 'message;');
    queue.add('kafka', 'kafka;');
    expect(queue.take(id)).toBe('kafka;');
  });

  it('a closed queue keeps nobody waiting', async () => {
    const queue = new ClientQueue(MAX);
    const waiting = queue.filled();
    queue.close();
    await waiting;
  });
});
