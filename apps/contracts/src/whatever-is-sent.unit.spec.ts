import { expect, it } from '@jest/globals';
import { message, newId } from '@backstep/messages';
import fc from 'fast-check';
import { CATALOGUE } from './index.js';
import { exampleData } from './derived/index.js';

/**
 * Goal: a message is the same to each of its readers, whether Kafka brings it or express hands it over: both give the bytes that its sender encoded.
 * Method: a message of every contract, with metadata as they are drawn, is encoded and decoded.
 */
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const id = fc.constant(0).map(() => newId());
const metadata = fc.record({
  id,
  sagaId: optional(id),
  causationId: optional(id),
  commandId: optional(id),
  aggregateVersion: optional(fc.nat()),
});

it.each(CATALOGUE.messages.map((definition) => [`${definition.name} ${definition.version}`, definition] as const))(
  'a message of %s is decoded as it was sent, and decoding it again changes nothing',
  (_, definition) => {
    const source = definition.kind === 'event' ? definition.service : CATALOGUE.commandsFrom;
    const data = exampleData(definition) as never;
    fc.assert(
      fc.property(metadata, (drawn) => {
        const sent = message(definition, data, { ...drawn, source });
        const wire = CATALOGUE.encode(sent);
        const read = CATALOGUE.decode(wire);
        expect(read).toEqual(sent);
        expect(CATALOGUE.decode(CATALOGUE.encode(read))).toEqual(read);
        expect(CATALOGUE.encode(read)).toEqual(wire);
      }),
      { numRuns: 20 },
    );
  },
);
