import { describe, expect, it } from '@jest/globals';
import type { ReceivedMessage } from '@backstep/kafka';
import { momentIn } from '../shared/since.js';
import { isWanted, type MessageFilter } from './filter.js';
import { latestMessages } from './latest-messages.js';

/** Goal: of the messages in Kafka, those are shown that were asked for: by type, sender, topic and time. */
const NOON = Date.UTC(2026, 2, 1, 12);
const message = (offset: number, type: string, source = 'payment', topic = 'payment.events'): ReceivedMessage => ({
  ...{ topic, partition: 1, offset: String(offset), key: 'k', timestamp: NOON + offset, value: '{}' },
  headers: { ce_id: String(offset), ce_type: type, ce_source: source },
});
const ALL = [
  message(1, 'PaymentCharged'),
  message(2, 'OrderPlaced', 'order', 'order.events'),
  message(3, 'PaymentDeclined'),
  { ...message(4, ''), headers: {} },
];

describe('messages', () => {
  it.each<[MessageFilter, number[]]>([
    [{}, [1, 2, 3, 4]],
    [{ type: 'PaymentDeclined' }, [3]],
    [{ type: 'paymentdeclined' }, [3]],
    [{ service: 'payment' }, [1, 3]],
    [{ topic: 'order.events' }, [2]],
    [{ since: NOON + 3 }, [3, 4]],
    [{ service: 'payment', since: NOON + 2 }, [3]],
    [{ service: 'payment', topic: 'order.events' }, []],
  ])('the messages that fit %j are chosen', (filter, expected) =>
    expect(ALL.filter((one) => isWanted(filter, one)).map(({ offset }) => Number(offset))).toEqual(expected),
  );

  it('unwanted messages take no place of the latest, and count as past', async () => {
    const many = Array.from({ length: 50 }, (_, at) => message(10 + at, 'Other'));
    async function* batches() {
      yield await Promise.resolve([message(1, 'PaymentCharged'), ...many, message(90, 'Other')]);
    }
    const latest = await latestMessages(batches(), 2, (one) => isWanted({ type: 'PaymentCharged' }, one));
    expect(latest.messages.map(({ offset }) => offset)).toEqual(['1']);
    expect(latest.earlier).toBe(0);
    expect(latest.isPast(message(90, 'Other'))).toBe(true);
    expect(latest.isPast(message(91, 'Other'))).toBe(false);
  });

  it('messages beyond the limit are counted', async () => {
    async function* batches() {
      yield await Promise.resolve(ALL);
    }
    const { messages, earlier } = await latestMessages(batches(), 1, (one) => isWanted({ service: 'payment' }, one));
    expect([messages.map(({ offset }) => offset), earlier]).toEqual([['3'], 1]);
  });
});

describe('a time', () => {
  it.each([
    ['2026-03-01T12:30', Date.UTC(2026, 2, 1, 12, 30)],
    ['2026-03-01 12:30:05.5', Date.UTC(2026, 2, 1, 12, 30, 5, 500)],
    ['2026-03-01T12:30+02:00', Date.UTC(2026, 2, 1, 10, 30)],
    ['2026-03-01', Date.UTC(2026, 2, 1)],
  ])('a time is %s', (text, at) => expect(momentIn(text)).toBe(at));

  it.each([
    ['30s', 30_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('a time is %s ago', (text, ms) => {
    const before = Date.now() - ms;
    expect(momentIn(text)).toBeGreaterThanOrEqual(before);
    expect(momentIn(text)).toBeLessThanOrEqual(Date.now() - ms);
  });

  it.each(['', 'tomorrow', '10', '10x', '2026-13-01', '2026-02-30T25:00', '12:30'])('the text %j is no time', (text) =>
    expect(() => momentIn(text)).toThrow('It must be a span such as 30s'),
  );
});
