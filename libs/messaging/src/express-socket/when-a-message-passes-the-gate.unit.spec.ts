import { beforeEach, describe, expect, it } from '@jest/globals';
import type { OutboxMessage } from '@backstep/outbox';
import type { ExpressLanes, Taken } from '@backstep/unit-of-work';
import { aMessage, byKafka, lanesOf } from './between-processes.fixture.spec.js';
import { Gate } from './gate.js';

/**
 * Goal: a message that a peer hands over is not handled before an earlier one of its sender that did not come over the same connection.
 * Method: gates in front of real lanes. The spec brings Kafka's copies, those of a sender in the sequence of its commits.
 */
let baked: string[];
let lanes: ExpressLanes;
let isCurrent: boolean;
beforeEach(() => {
  baked = [];
  isCurrent = true;
  lanes = lanesOf(baked, () => isCurrent);
});

class Sender {
  private number = 0;
  gate = new Gate(lanes);
  /** Commits messages that get lost on their way. */
  lose(...values: string[]): OutboxMessage[] {
    return values.map((value) => {
      this.number++;
      return aMessage({ value });
    });
  }
  commit(value: string): { readonly taken: Taken; readonly message: OutboxMessage } {
    const message = aMessage({ value });
    return { taken: this.commitAs(message), message };
  }
  commitAs(message: OutboxMessage): Taken {
    return this.gate.take({ number: ++this.number, message });
  }
  reconnect(): void {
    this.gate = new Gate(lanes);
  }
  /** Until its messages are handed over. */
  async open(): Promise<this> {
    for (;;) {
      const { taken, message } = this.commit('open');
      if (taken === 'handed-over') break;
      await byKafka(lanes, baked, message);
    }
    baked.length = 0;
    return this;
  }
}

const brings = (...messages: OutboxMessage[]): Promise<void> => byKafka(lanes, baked, ...messages);
/** What was handed over has begun. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a gate', () => {
  it('a gate lets the first message of a connection go by Kafka, and the next ones wait for it', async () => {
    const sender = new Sender();
    const commits = ['1', '2', '3'].map((value) => sender.commit(value));
    expect(commits.map(({ taken }) => taken)).toEqual(Array(3).fill('waits-for-kafka'));
    expect(baked).toEqual([]);
    await brings(...commits.slice(0, 2).map(({ message }) => message));
    await settled();
    expect(baked).toEqual(['1', '2', '3']);
  });

  it('a gate hands over what follows without a gap', async () => {
    const sender = await new Sender().open();
    expect(['1', '2', '3'].map((value) => sender.commit(value).taken)).toEqual(Array(3).fill('handed-over'));
    await settled();
    expect(baked).toEqual(['1', '2', '3']);
  });

  it('a gate lets nothing overtake messages that got lost on the connection', async () => {
    const sender = await new Sender().open();
    const lost = sender.lose('1', '2');
    const third = sender.commit('3');
    const fourth = sender.commit('4');
    expect([third.taken, fourth.taken]).toEqual(['waits-for-kafka', 'waits-for-kafka']);
    await brings(...lost);
    await settled();
    expect(baked).toEqual(['1', '2']);
    await brings(third.message, fourth.message);
    expect(baked).toEqual(['1', '2', '3', '4']);
    await sender.open();
    expect(sender.commit('5').taken).toBe('handed-over');
  });

  it('a gate lets nothing overtake messages that got lost with the connection before, though another sender\u2019s barrier has come', async () => {
    const [one, other] = [await new Sender().open(), await new Sender().open()];
    const lost = one.lose('1', '2');
    one.reconnect();
    // Something unknown lies in Kafka, so the lane wants a barrier: it gets one of a sender whose messages say nothing of the other's.
    await brings(aMessage({ value: 'unknown' }));
    const barrier = other.commit('barrier');
    const third = one.commit('3');
    const fourth = one.commit('4');
    await brings(barrier.message);
    await settled();
    expect(baked).toEqual(['unknown', 'barrier']);
    await brings(...lost, third.message, fourth.message);
    await settled();
    expect(baked).toEqual(['unknown', 'barrier', '1', '2', '3', '4']);
  });

  it('a gate lets nothing overtake messages that got lost, though another sender\u2019s barrier comes behind the gap', async () => {
    const [one, other] = [await new Sender().open(), await new Sender().open()];
    const lost = one.lose('1', '2');
    const third = one.commit('3');
    const barrier = other.commit('barrier');
    const fourth = one.commit('4');
    await brings(barrier.message);
    await settled();
    expect(baked).toEqual(['barrier']);
    await brings(...lost, third.message, fourth.message);
    await settled();
    expect(baked).toEqual(['barrier', '1', '2', '3', '4']);
  });

  it('a gate lets nothing overtake a message that the lane did not keep, though another sender\u2019s barrier has come', async () => {
    const [one, other] = [await new Sender().open(), await new Sender().open()];
    isCurrent = false;
    const first = one.commit('1');
    expect(first.taken).toBe('waits-for-kafka');
    isCurrent = true;
    const barrier = other.commit('barrier');
    const second = one.commit('2');
    await brings(barrier.message);
    await settled();
    expect(baked).toEqual(['barrier']);
    await brings(first.message, second.message);
    expect(baked).toEqual(['barrier', '1', '2']);
  });

  it('a gate begins anew with a shard that went and came back', async () => {
    const sender = await new Sender().open();
    await lanes.letGo();
    expect(sender.commit('1').taken).toBe('not-here');
    lanes.own([0]);
    expect(sender.commit('2').taken).toBe('waits-for-kafka');
    expect(sender.commit('3').taken).toBe('waits-for-kafka');
    await settled();
    expect(baked).toEqual([]);
  });

  it('a gate passes over what nobody here handles, and leaves no gap there', async () => {
    const sender = await new Sender().open();
    const other = aMessage();
    expect(sender.commitAs({ ...other, headers: { ...other.headers, ce_type: 'Mix' } })).toBe('handed-over');
    expect(sender.commit('2').taken).toBe('handed-over');
  });

  it('a barrier that Kafka has brought before its frame came is none: the next message is', async () => {
    const sender = new Sender();
    const early = aMessage({ value: '1' });
    await brings(early);
    expect(sender.commitAs(early)).toBe('waits-for-kafka');
    const second = sender.commit('2');
    const third = sender.commit('3');
    await settled();
    expect(baked).toEqual(['1']);
    await brings(second.message, third.message);
    expect(baked).toEqual(['1', '2', '3']);
    await sender.open();
    expect(sender.commit('4').taken).toBe('handed-over');
  });

  it('a message that Kafka has brought before its frame came is not handled again, and does not close the lane for good', async () => {
    const sender = await new Sender().open();
    const late = aMessage({ value: '1' });
    await brings(late);
    expect(sender.commitAs(late)).toBe('handed-over');
    await settled();
    expect(baked).toEqual(['1']);
    await sender.open();
    expect(sender.commit('2').taken).toBe('handed-over');
  });
});
