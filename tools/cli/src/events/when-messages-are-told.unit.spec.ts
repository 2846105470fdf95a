import { describe, expect, it } from '@jest/globals';
import type { ReceivedMessage } from '@backstep/kafka';
import { afterTheirCauses, latestMessages, toOrderMessage } from './latest-messages.js';
import { serverSentEvents } from './server-sent-events.js';
import { shortData } from './short-data.js';
import { Timeline } from './timeline.js';

/** Goal: messages read as a story: in order, short, each line with where it lies and what led to it. */
const received = (id: string, timestamp: number, cause?: string, topic = 'order.events'): ReceivedMessage => ({
  topic,
  partition: 1,
  offset: String(timestamp),
  key: 'k',
  timestamp,
  value: '{"orderId":"o"}',
  headers: { ce_id: id, ce_type: 'T', ce_source: 's', ...(cause !== undefined && { ce_causationid: cause }) },
});
const idsOf = (messages: readonly ReceivedMessage[]): string =>
  messages.map(({ headers }) => headers['ce_id']).join(' ');

async function* batchesOf<T>(...batches: T[]): AsyncGenerator<T> {
  for (const batch of batches) yield await Promise.resolve(batch);
}

describe('the latest messages', () => {
  it('the latest messages are the newest of all partitions, in whatever order they were read', async () => {
    const batches = Array.from({ length: 20 }, (_, n) =>
      [39 - 2 * n, 40 - 2 * n].map((at) => ({ ...received(`${at}`, at), partition: n })),
    );
    expect(idsOf((await latestMessages(batchesOf(...batches), 3)).messages)).toBe('38 39 40');
  });

  it('the latest messages are not hidden by messages whose times are ahead', async () => {
    const ahead = Date.now() + 3_000_000;
    const early = [1, 2, 3].map((at) => ({ ...received(`${at}`, ahead + at), offset: `${at}` }));
    const late = [4, 5].map((at) => received(`${at}`, at));
    const elsewhere = [6, 7].map((at) => ({ ...received(`${at}`, at), partition: 2 }));
    const { messages } = await latestMessages(batchesOf(elsewhere, early, late), 3);
    expect(idsOf(messages)).toBe('5 6 7');
  });

  it('the latest messages are told from later ones, per partition', async () => {
    const { isPast } = await latestMessages(batchesOf([received('a', 7)]), 3);
    const { topic, partition } = received('a', 7);
    expect([6, 7, 8].map((offset) => isPast({ topic, partition, offset: String(offset) }))).toEqual([
      true,
      true,
      false,
    ]);
    expect(isPast({ topic, partition: 3, offset: '0' })).toBe(false);
  });

  it('the latest messages come after their causes, also within one millisecond', () => {
    const told = afterTheirCauses([
      received('c', 5, 'b', 'a.events'),
      received('b', 5, 'a', 'b.commands'),
      received('a', 5, undefined, 'z.events'),
      received('orphan', 1, 'unknown'),
    ]);
    expect(idsOf(told)).toBe('orphan a b c');
  });

  it('the latest messages are all shown when causes form a cycle', () => {
    expect(afterTheirCauses([received('a', 1, 'b'), received('b', 2, 'a')])).toHaveLength(2);
  });
});

describe('the data of a message', () => {
  it.each([
    [
      { orderId: 'o', currency: 'EUR', total: 2580, items: [{ sku: 'mug', quantity: 2, unitPrice: 1290 }] },
      'total=25.80 EUR items=mug×2',
    ],
    [{ failure: { code: 'out_of_stock', message: 'x' } }, 'failure=out_of_stock'],
    [{ short: [{ sku: 'globe', requested: 100, available: 2 }] }, 'short=globe×100'],
    [{ items: Array.from({ length: 9 }, (_, n) => ({ sku: `s${n}`, quantity: 1 })) }, 'items=s0×1,s1×1,s2×1,+6'],
    ['{"orderId":', '"{\\"orderId\\":"'],
    [null, '(no value)'],
  ])('the data %j are shown as %s', (value, text) => expect(shortData(value)).toBe(text));

  it('the data of a message are cut to one line', () => expect(shortData({ note: 'x'.repeat(1_000) }).length).toBe(72));
});

describe('a timeline', () => {
  it('a timeline shows the place, the time since the first message, and the line of the cause', () => {
    const timeline = new Timeline();
    const lines = [received('a', 1_000), received('b', 1_012, 'a')].map((message) =>
      timeline.line(toOrderMessage(message)),
    );
    expect(lines[0]).toMatch(/^ {2}#1 {2,}\+0 ms {2}T +s +order\.events\/1@1000 +id a$/);
    expect(lines[1]).toMatch(/^ {2}#2 {2,}\+12 ms .*order\.events\/1@1012 +id b because of #1$/);
  });

  it('a timeline says which values could not be opened', () => {
    const unreadable = { cause: 'oversize', error: 'the batch of offsets 3 to 7 cannot be read: 2 GB' } as const;
    const stub = { ...received('', 7), key: null, headers: {}, value: null, unreadable };
    const line = new Timeline().line(toOrderMessage(stub));
    expect(line).toContain('(oversize)');
    expect(line).toContain('order.events/1@7');
    expect(line).toContain('the batch of offsets 3 to 7 cannot be read: 2 GB');
  });

  it('a timeline shows records that are no CloudEvents, without control characters', () => {
    const strange = { ...received('x', 1), headers: {}, value: 'a\u001b[2J' };
    const line = new Timeline().line(toOrderMessage(strange));
    expect(line).toContain('(not a CloudEvent)');
    expect(line).not.toContain('\u001b');
  });
});

describe('server-sent events', () => {
  it('server-sent events are read however the text is cut', async () => {
    const text =
      'retry: 2000\n\nid: t@1\ndata: {"a":1}\n\n: live\n\nevent: reset\nid:\ndata: {}\n\nid: t@2\ndata: {"a":2}\n\n';
    for (let size = 1; size <= text.length; size++) {
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
        text.slice(n * size, (n + 1) * size),
      );
      const seen = [];
      for await (const event of serverSentEvents(batchesOf(...pieces))) seen.push(event);
      expect(seen).toEqual([
        { event: 'message', id: 't@1', data: '{"a":1}' },
        { event: 'reset', id: '', data: '{}' },
        { event: 'message', id: 't@2', data: '{"a":2}' },
      ]);
    }
  });

  it('server-sent events without an end are refused beyond a bound', async () => {
    const endless = batchesOf(...Array.from({ length: 40 }, () => 'x'.repeat(100_000)));
    await expect(serverSentEvents(endless).next()).rejects.toThrow(RangeError);
  });
});
