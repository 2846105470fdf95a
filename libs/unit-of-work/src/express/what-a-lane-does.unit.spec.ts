import { beforeEach, describe, expect, it } from '@jest/globals';
import { ExpressLane } from './lane.js';

/**
 * Goal: messages of a key are handled in the order of their commits, each of them by express or by Kafka, whatever comes first.
 * Method: the lane alone, by the table of its states; each run ends when the spec says so.
 */
interface Run {
  readonly id: string;
  end(committed: boolean): Promise<void>;
}

let begun: Run[] = [];
let isCurrent = true;
let lane = open();

function open(max = 100): ExpressLane {
  return new ExpressLane({
    max,
    isCurrent: () => isCurrent,
    run: ({ id }) =>
      new Promise((resolve) => {
        begun.push({
          id,
          end: async (committed) => {
            resolve(committed);
            await settled();
          },
        });
      }),
  });
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** `b2` is the second message of key `b`. */
const message = (id: string) => ({ id, key: id.slice(0, 1) });
const offer = (id: string) => lane.offer(message(id));
const ids = (): string[] => begun.map(({ id }) => id);
const run = (id: string): Run => {
  const found = begun.find((one) => one.id === id);
  if (!found) throw new Error(`${id} did not begin`);
  return found;
};
/** Kafka brings messages that are not committed here, and they are handled. */
const byKafka = async (...brought: string[]): Promise<void> => {
  const known = brought.map((id) => lane.arrived(id));
  const left: string[] = [];
  for (const [index, id] of brought.entries()) if (!(await known[index])) left.push(id);
  lane.settled(left);
};

beforeEach(() => {
  begun = [];
  isCurrent = true;
  lane = open();
});

/** Brings a new lane to its open state. */
async function barrier(): Promise<void> {
  expect(offer('x0')).toBe('waits-for-kafka');
  await byKafka('x0');
  expect(begun).toEqual([]);
}

describe('a new express lane', () => {
  it('a new express lane takes no message before Kafka has brought its first one', async () => {
    expect(offer('a1')).toBe('waits-for-kafka');
    expect(offer('a2')).toBe('waits-for-kafka');
    expect(offer('b1')).toBe('waits-for-kafka');
    expect(begun).toEqual([]);
    await byKafka('a1');
    expect(ids()).toEqual(['a2', 'b1']);
  });

  it('a new express lane waits until what Kafka has brought is handled', async () => {
    offer('a1');
    offer('a2');
    expect(await lane.arrived('a1')).toBe(false);
    await settled();
    expect(begun).toEqual([]);
    lane.settled(['a1']);
    expect(ids()).toEqual(['a2']);
  });
});

describe('an open express lane', () => {
  beforeEach(barrier);

  it('an open express lane begins a message at once, and drops the copy of Kafka', async () => {
    expect(offer('a1')).toBe('handed-over');
    expect(ids()).toEqual(['a1']);
    await run('a1').end(true);
    expect(lane.forget('a1')).toBe(true);
    expect(lane.forget('a1')).toBe(false);
  });

  it('an open express lane does not count a message as handled before its commit', () => {
    offer('a1');
    expect(lane.forget('a1')).toBe(false);
  });

  it('an open express lane begins no second wave while one runs, and a key once in a wave', async () => {
    offer('a1');
    for (const id of ['a2', 'b1', 'a3', 'b2']) expect(offer(id)).toBe('handed-over');
    expect(ids()).toEqual(['a1']);
    await run('a1').end(true);
    expect(ids()).toEqual(['a1', 'a2', 'b1']);
    await run('b1').end(true);
    expect(ids()).toEqual(['a1', 'a2', 'b1']);
    await run('a2').end(true);
    expect(ids()).toEqual(['a1', 'a2', 'b1', 'a3', 'b2']);
  });

  it('an open express lane makes the copy of Kafka wait for the outcome of what runs', async () => {
    offer('a1');
    const known = lane.arrived('a1');
    let outcome: boolean | undefined;
    void Promise.resolve(known).then((value) => (outcome = value));
    await settled();
    expect(outcome).toBeUndefined();
    await run('a1').end(true);
    expect(outcome).toBe(true);
    // Nothing of it is known any more.
    expect(lane.knows('a1')).toBe(false);
  });

  it('an open express lane takes the copy of Kafka of what waits in it, and goes on when that is handled', async () => {
    for (const id of ['a1', 'a2', 'a3', 'b1']) offer(id);
    expect(lane.arrived('a2')).toBe(false);
    await run('a1').end(true);
    expect(ids()).toEqual(['a1']);
    lane.settled(['a2']);
    expect(ids()).toEqual(['a1', 'a3', 'b1']);
  });

  it('an open express lane closes when Kafka brings what nobody here knows: the next message goes by Kafka alone', async () => {
    await byKafka('a9');
    expect(offer('b1')).toBe('waits-for-kafka');
    expect(offer('b2')).toBe('waits-for-kafka');
    expect(begun).toEqual([]);
    await byKafka('b1');
    expect(ids()).toEqual(['b2']);
  });

  it('an open express lane closes when a message was skipped, until Kafka has brought that', async () => {
    lane.skip('a1');
    expect(offer('a2')).toBe('waits-for-kafka');
    await byKafka('a1');
    expect(ids()).toEqual(['a2']);
  });

  it('an open express lane closes when its reader may not have been given all', async () => {
    lane.close();
    expect(offer('a1')).toBe('waits-for-kafka');
    expect(offer('a2')).toBe('waits-for-kafka');
    await byKafka('a1');
    expect(ids()).toEqual(['a2']);
  });

  it('an open express lane closes when a message fails, until Kafka has brought it', async () => {
    for (const id of ['a1', 'a2', 'b1']) offer(id);
    await run('a1').end(false);
    expect(ids()).toEqual(['a1']);
    expect(lane.forget('a1')).toBe(false);
    expect(offer('b2')).toBe('waits-for-kafka');
    await byKafka('a1');
    expect(ids()).toEqual(['a1', 'a2', 'b1']);
  });

  it('an open express lane hands a message that failed to the copy of Kafka that waited for it', async () => {
    for (const id of ['a1', 'a2']) offer(id);
    const known = lane.arrived('a1');
    await run('a1').end(false);
    expect(await known).toBe(false);
    expect(ids()).toEqual(['a1']);
    lane.settled(['a1']);
    expect(ids()).toEqual(['a1', 'a2']);
  });

  it('an open express lane keeps the other messages of a batch of Kafka that comes again in order', async () => {
    for (const id of ['a1', 'a2', 'a3']) offer(id);
    await run('a1').end(true);
    // Kafka has brought a1 and a2; its batch fails, because the database is away, and comes again.
    expect([await lane.arrived('a1'), lane.arrived('a2')]).toEqual([true, expect.any(Promise)]);
    await run('a2').end(false);
    expect(ids()).toEqual(['a1', 'a2']);
    await byKafka('a1', 'a2');
    // a1 was unknown the second time: a barrier is to come.
    expect(ids()).toEqual(['a1', 'a2']);
    expect(offer('b1')).toBe('waits-for-kafka');
    await byKafka('a3', 'b1');
    expect(offer('b2')).toBe('handed-over');
    expect(ids()).toEqual(['a1', 'a2', 'b2']);
  });

  it('an open express lane takes and begins nothing while its process may not be the owner', async () => {
    offer('a1');
    offer('a2');
    isCurrent = false;
    expect(offer('b1')).toBe('waits-for-kafka');
    await run('a1').end(true);
    expect(ids()).toEqual(['a1']);
    isCurrent = true;
    expect(offer('b2')).toBe('waits-for-kafka');
    await byKafka('a2', 'b1');
    // b1 went by Kafka alone before the barrier, and is unknown here: another barrier is to come.
    await byKafka('b2');
    expect(ids()).toEqual(['a1']);
    expect(offer('b3')).toBe('waits-for-kafka');
    await byKafka('b3');
    expect(offer('b4')).toBe('handed-over');
  });

  it('an express lane that is full sends by Kafka, and goes on behind a barrier', async () => {
    lane = open(3);
    await barrier();
    for (const id of ['a1', 'a2', 'a3']) expect(offer(id)).toBe('handed-over');
    expect(offer('d1')).toBe('waits-for-kafka');
    await run('a1').end(true);
    // Closed: what waits is left to Kafka, too.
    expect(ids()).toEqual(['a1']);
    await byKafka('a1', 'a2', 'a3', 'd1');
    expect(offer('b1')).toBe('waits-for-kafka');
    expect(offer('b2')).toBe('waits-for-kafka');
    await byKafka('b1');
    expect(ids()).toEqual(['a1', 'b2']);
  });

  it('an express lane waits for no copy of a message that Kafka brought before the message was handed over', async () => {
    await byKafka('a1', 'a2');
    expect(offer('a1')).toBe('handed-over');
    lane.skip('a2');
    expect(offer('b1')).toBe('waits-for-kafka');
    await byKafka('b1');
    expect(offer('b2')).toBe('handed-over');
    expect(ids()).toEqual(['b2']);
  });

  it('an express lane knows a bounded number of messages that Kafka brought before they were handed over', async () => {
    await byKafka(...Array.from({ length: 1_100 }, (_, n) => `a${n}`));
    expect(offer('a1099')).toBe('handed-over');
    // Forgotten, so that it meets the inbox.
    expect(offer('a0')).toBe('waits-for-kafka');
  });

  it('an express lane passes over what nobody handles, and drops the copy of Kafka', () => {
    lane.passOver('a1');
    expect(lane.forget('a1')).toBe(true);
  });
});

describe('an express lane that ends', () => {
  beforeEach(barrier);

  it('an express lane that ends waits for what runs, begins nothing more, and takes nothing more', async () => {
    offer('a1');
    offer('a2');
    let over = false;
    void lane.end().then(() => (over = true));
    await settled();
    expect(over).toBe(false);
    expect(offer('b1')).toBe('waits-for-kafka');
    await run('a1').end(true);
    expect(over).toBe(true);
    expect(ids()).toEqual(['a1']);
  });
});
