import { describe, expect, it } from '@jest/globals';
import { command, encode, event, message, newId } from '@backstep/messages';
import fc from 'fast-check';
import { z } from 'zod';
import { headersOf, storedHeaders } from './stored-headers.js';

/**
 * Goal: a row of the outbox gives back exactly the headers that it was given, in their order, and those of the codec take little room.
 * Method: any messages of the codec, with any of them changed, left out or added, through the text that is stored.
 */
const Loaf = { key: 'loafId', summary: 'A loaf.', data: z.object({ loafId: z.string() }) } as const;
const BakeLoaf = command('oven', 'BakeLoaf', Loaf);
const LoafBaked = event('oven', 'LoafBaked', { ...Loaf, version: 12 });

const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const anEncodedMessage = fc
  .record({
    definition: fc.constantFrom(BakeLoaf, LoafBaked),
    loafId: fc.oneof(fc.uuid(), fc.string({ minLength: 1 })),
    metadata: fc.record({
      source: fc.constantFrom('oven', 'counter'),
      sagaId: maybe(fc.uuid()),
      causationId: maybe(fc.uuid()),
      commandId: maybe(fc.uuid()),
      aggregateVersion: maybe(fc.nat()),
      traceparent: maybe(fc.constant('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')),
    }),
  })
  .map(({ definition, loafId, metadata }) => {
    const told = message(definition, { loafId }, metadata);
    const { key, headers } = encode(told, definition);
    return { id: told.id, key, headers };
  });

/** @throws Error for what it refuses; half a surrogate pair becomes another character */
function asPostgresqlKeeps(text: string): string {
  if (text.includes('\u0000')) throw new Error('U+0000 cannot be stored');
  return Buffer.from(text).toString();
}

/** What a row that stores these headers gives back, with the order of the names. */
function throughARow(row: { id: string; key: string; headers: Readonly<Record<string, string>> }): [string, string][] {
  const { id, key } = row;
  const headers = asPostgresqlKeeps(storedHeaders(row));
  return Object.entries(headersOf({ id, key, headers }));
}

describe('the headers of a row of the outbox', () => {
  it('the headers of any message of the codec come back as they were, in their order', () => {
    fc.assert(
      fc.property(anEncodedMessage, (row) => {
        expect(throughARow(row)).toEqual(Object.entries(row.headers));
      }),
    );
  });

  it('the headers of any other message come back as they were, in their order', () => {
    const names = fc.constantFrom('ce_id', 'ce_type', 'ce_time', 'ce_subject', 'ce_sagaid', 'ce_dataschema', 'x-more');
    const values = fc.oneof(
      fc.string(),
      fc.constantFrom('', '|', 'a|b', 'ä', 'a \u0000 b', '\ud800', 'urn:backstep:schema:BakeLoaf:1:2'),
    );
    fc.assert(
      fc.property(
        anEncodedMessage,
        fc.dictionary(names, values),
        fc.array(names),
        fc.boolean(),
        (row, set, taken, first) => {
          const changed = first ? { ...set, ...row.headers } : { ...row.headers, ...set };
          const headers = Object.fromEntries(
            Object.entries(changed).filter(([name]) => !taken.some((one) => one === name)),
          );
          expect(throughARow({ ...row, headers })).toEqual(Object.entries(headers));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('the headers of the codec are stored without what the row says anyway, in less than half of their JSON', () => {
    const ids = { sagaId: newId(), causationId: newId(), commandId: newId() };
    const told = message(BakeLoaf, { loafId: newId() }, { source: 'counter', aggregateVersion: 7, ...ids });
    const { key, headers } = encode(told, BakeLoaf);
    const stored = storedHeaders({ id: told.id, key, headers });
    expect(stored.split('|').slice(0, 4)).toEqual(['v1', 'BakeLoaf', '1', 'counter']);
    expect(stored).not.toContain(key);
    expect(stored.length).toBeLessThan(JSON.stringify(headers).length / 2);
  });

  it('the headers of rows that were written as JSON are read', () => {
    const headers = { ce_type: 'BakeLoaf', anything: '1|2' };
    expect(headersOf({ id: newId(), key: 'k', headers: JSON.stringify(headers) })).toEqual(headers);
  });

  it('headers in a form that is not known are not guessed', () => {
    const unknown = ['v2|BakeLoaf', 'v1|BakeLoaf', 'v1|', ''];
    for (const headers of unknown) expect(() => headersOf({ id: newId(), key: 'k', headers })).toThrow();
  });
});
