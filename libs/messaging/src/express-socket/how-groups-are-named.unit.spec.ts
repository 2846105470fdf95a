import { describe, expect, it } from '@jest/globals';
import { catalogue, command, event } from '@backstep/messages';
import { z } from 'zod';
import { groupsOfOthers, writersOf } from './groups.js';

/** Goal: a service finds the consumer groups of those that read what it writes, and of those that write what it reads. */
const about = { key: 'loafId', summary: 'About a loaf.', data: z.object({ loafId: z.uuid() }) } as const;
const Bake = command('oven', 'Bake', about);
const Baked = event('oven', 'Baked', about);
const SHOP = catalogue([Bake, Baked], { commandsFrom: 'counter', readers: { [Baked.topic]: ['counter', 'ledger'] } });

describe('the writer of a topic', () => {
  it('the writer of a topic of events is their service, and that of commands the one service that sends commands', () => {
    const writes = writersOf(SHOP);
    const pairs = ['oven', 'counter', 'ledger'].flatMap((service) =>
      [Bake.topic, Baked.topic, 'other'].filter((topic) => writes(service, topic)).map((topic) => [service, topic]),
    );
    expect(pairs).toEqual([
      ['oven', Baked.topic],
      ['counter', Bake.topic],
    ]);
  });
});

describe('the groups of other services', () => {
  it.each([
    ['oven', 'oven', { counter: 'counter', ledger: 'ledger' }],
    ['oven', 'shop.oven', { counter: 'shop.counter', ledger: 'shop.ledger' }],
    ['counter', 'counter-2', { oven: 'oven-2', ledger: 'ledger-2' }],
  ])('the groups of other services are named as that of %s is, %s', (service, groupId, others) => {
    expect(Object.fromEntries(groupsOfOthers(service, groupId, SHOP))).toEqual(others);
  });

  it('the groups of other services cannot be told from a group that does not name its own', () => {
    expect(() => groupsOfOthers('oven', 'g1', SHOP)).toThrow(
      /groupId must contain the name of the service.*g1 for oven/,
    );
  });
});
