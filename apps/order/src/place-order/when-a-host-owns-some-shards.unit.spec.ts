import { describe, expect, it } from '@jest/globals';
import { DRAWS_MAX, ownOrderId } from './own-order-id.js';

/** Goal: an order that is placed at a host belongs to it, whatever shards the host owns; and a host that owns none places orders all the same. */
const SHARDS = 4;
/** As random as Kafka's partitions are: the end of an id is. */
const shardOf = (id: string): number => Number.parseInt(id.slice(-1), 16) % SHARDS;

describe('the id of a new order', () => {
  it.each([[[0, 1]], [[1, 3]], [[0, 1, 2, 3]]])(
    'the id of a new order is of one of the shards %j of its host',
    (shards) => {
      const isOurs = (id: string): boolean => shards.includes(shardOf(id));
      const ids = Array.from({ length: 60 }, () => ownOrderId(isOurs));
      expect(new Set(ids.map(shardOf))).toEqual(new Set(shards));
      expect(new Set(ids).size).toBe(ids.length);
    },
  );

  it('the id of a new order is drawn so many times, and no more, when none is the host\u2019s', () => {
    const asked: string[] = [];
    const id = ownOrderId((drawn) => {
      asked.push(drawn);
      return false;
    });
    expect(new Set(asked).size).toBe(DRAWS_MAX - 1);
    expect(asked).not.toContain(id);
  });
});
