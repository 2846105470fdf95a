import { PARTITIONS } from '@backstep/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { STREAMED_TOPICS, StreamPosition } from './positions.js';

/** Goal: the id of an event says exactly how far a stream has got, and nothing else is taken for one. */
const PLACES = STREAMED_TOPICS.flatMap((topic) =>
  Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition })),
);
const at = (offsets: readonly bigint[]): StreamPosition =>
  StreamPosition.of(PLACES.map((place, index) => ({ ...place, next: offsets[index] ?? 0n })));
const offsets = fc.array(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), {
  minLength: PLACES.length,
  maxLength: PLACES.length,
});

describe('how far a stream has got', () => {
  it('an id is read as it was written', () => {
    fc.assert(
      fc.property(offsets, (next) => {
        const position = at(next);
        expect(StreamPosition.parse(position.id)?.all).toEqual(position.all);
      }),
    );
  });

  it('a message that is passed moves its partition alone', () => {
    const position = at([]);
    const before = position.copy();
    position.pass({ topic: 'order.events', partition: 2, offset: '41' });
    expect(position.all.filter(({ next }) => next > 0n)).toEqual([{ topic: 'order.events', partition: 2, next: 42n }]);
    expect([before.isUpTo(position), position.isUpTo(before), before.distanceTo(position)]).toEqual([true, false, 42n]);
  });

  it.each([
    ['', 'nothing'],
    ['0.1.2', 'too few offsets'],
    [at([]).id.replace(/^\w+/, '00000000'), 'the id of other partitions'],
    [`${at([]).id}.0`, 'too many offsets'],
    [at([]).id.replace(/0$/, 'zzzzzzzzzzzzz'), 'an offset beyond 63 bits'],
    [at([]).id.replace(/0$/, '00'), 'an offset with a leading zero'],
  ])('the text %j is no id: %s', (text) => expect(StreamPosition.parse(text)).toBeUndefined());

  it('a partition that the contract does not have is refused', () => {
    expect(() => StreamPosition.of([{ topic: 'order.events', partition: PARTITIONS, next: 0n }])).toThrow(
      /no partition/,
    );
  });
});
