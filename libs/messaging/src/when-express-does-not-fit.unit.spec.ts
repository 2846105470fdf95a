import { describe, expect, it } from '@jest/globals';
import { catalogue } from '@backstep/messages';
import { FOREIGN_ROWS_KEPT_MS, MessagingModule, Neighbours, type ExpressRuntime } from './index.js';
import { ServiceExpress } from './express.js';

/** Goal: express that does not fit the rest of a service stops its start, by name; and what it hands over follows what the consumer group has dealt. */
const start = (express: ExpressRuntime | undefined, outboxLeftoverMs?: number) =>
  MessagingModule.forRoot({
    service: 'oven',
    catalogue: catalogue([]),
    handlers: [],
    entities: [],
    migrations: [],
    database: { url: 'postgres://127.0.0.1:1/none' },
    kafka: { brokers: ['127.0.0.1:1'] },
    neighbours: new Neighbours('a'),
    express,
    ...(outboxLeftoverMs !== undefined && { outboxLeftoverMs }),
  });

describe('a service whose express does not fit', () => {
  it.each([0, 1_001, 2.5, NaN])('a service with a linger of %d ms does not start', (lingerMs) => {
    expect(() => start({ lingerMs })).toThrow(`express.lingerMs must be 1 to 1000, not ${lingerMs}`);
  });

  it('a service whose outbox rows count as left behind while they linger, or are kept, does not start', () => {
    expect(() => start({ lingerMs: 100 }, 2_099)).toThrow(
      'outboxLeftoverMs must be at least 2100 with express.lingerMs 100',
    );
    expect(() => start({ lingerMs: 100 }, 100 + FOREIGN_ROWS_KEPT_MS)).not.toThrow();
    expect(() => start(undefined, 1_000)).not.toThrow();
  });

  it('a service with the longest linger starts with the defaults', () => {
    expect(() => start({ lingerMs: 1_000 })).not.toThrow();
  });
});

describe('what a service hands over', () => {
  it('is of shards that the consumer group has dealt last, and has confirmed', async () => {
    const group = { isOwner: true, isCurrent: true };
    const express = new ServiceExpress(
      { lingerMs: 1 },
      {
        readers: { here: new Map(), readersOf: () => [] },
        ofAll: { ask: () => Promise.resolve(true), close: () => Promise.resolve() },
        count: () => undefined,
      },
    );
    const before = express.begin();
    expect(before.isOwner()).toBe(false);
    express.connect(undefined, group);
    expect(before.isOwner()).toBe(true);
    group.isOwner = false;
    expect(before.isOwner()).toBe(false);
    group.isOwner = true;
    // Until the relay has been told its new shards, it still has the old ones.
    const after = express.begin();
    expect({ before: before.isOwner(), after: after.isOwner() }).toEqual({ before: false, after: true });
    await express.letGo();
    expect(after.isOwner()).toBe(false);
  });
});
