import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  catalogue,
  command as aCommand,
  event,
  InvalidMessageError,
  MAX_HEADERS_CHARACTERS,
  message,
  newId,
} from './index.js';

/**
 * Goal: a message that one service encodes is decoded to the same by another. A message that breaks the contract is refused at both ends, with
 * its cause.
 */
const BakeLoaf = aCommand('oven', 'BakeLoaf', {
  key: 'loafId',
  summary: 'Bake it.',
  data: z.object({ loafId: z.uuid() }),
});
const LoafBaked = event('oven', 'LoafBaked', {
  key: 'loafId',
  summary: 'It is baked.',
  data: z.object({ loafId: z.uuid() }),
});
const CATALOGUE = catalogue([BakeLoaf, LoafBaked]);
const { encode, decode } = CATALOGUE;

const loafId = newId();
const baked = message(LoafBaked, { loafId }, { source: 'oven', sagaId: newId(), aggregateVersion: 2 });
const command = message(BakeLoaf, { loafId }, { source: 'orchestrator' });

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidMessageError) return error.reason;
    throw error;
  }
  return 'accepted';
}

describe('a message on the wire', () => {
  it('a message is decoded as it was encoded, keyed by its subject', () => {
    const wire = encode(baked);
    expect(wire).toMatchObject({ topic: 'oven.events', key: loafId, value: JSON.stringify({ loafId }) });
    expect(wire.headers).toMatchObject({ ce_specversion: '1.0', ce_type: 'LoafBaked', ce_aggregateversion: '2' });
    expect(decode(wire)).toEqual(baked);
    expect(decode(encode(command))).toEqual(command);
  });

  it('a message whose data does not match the schema is refused by its sender', () => {
    expect(refusal(() => encode({ ...baked, data: { loafId: 'not an id' } }))).toBe('schema_mismatch');
  });

  it.each([0, 2_147_483_648, Number.MAX_SAFE_INTEGER])(
    'a message about version %d of a row is read as it was sent',
    (version) => {
      const about = message(LoafBaked, { loafId }, { source: 'oven', sagaId: newId(), aggregateVersion: version });
      expect(decode(encode(about)).aggregateVersion).toBe(version);
    },
  );

  it.each([
    ['bad_json', { value: '{"loafId":' }],
    ['null_value', { value: null }],
    ['oversize', { value: JSON.stringify({ loafId, junk: 'x'.repeat(300_000) }) }],
    ['oversize', { headers: { ...encode(baked).headers, x: 'x'.repeat(MAX_HEADERS_CHARACTERS) } }],
    ['schema_mismatch', { value: '{}' }],
    ['schema_mismatch', { headers: { ...encode(baked).headers, ce_aggregateversion: 'two' } }],
    ['schema_mismatch', { headers: { ...encode(baked).headers, ce_aggregateversion: '9007199254740992' } }],
    ['unknown_type', { headers: { ...encode(baked).headers, ce_dataschema: 'https://example.com/loaf.json' } }],
    ['unknown_type', { headers: { ...encode(baked).headers, ce_type: 'LoafEaten' } }],
    ['unknown_type', { headers: { ...encode(baked).headers, ce_dataschema: 'urn:backstep:schema:LoafBaked:99' } }],
    ['wrong_topic', { topic: 'shop.events' }],
    ['wrong_topic', { topic: 'oven.commands' }],
    ['wrong_source', { headers: { ...encode(baked).headers, ce_source: 'shop' } }],
    ['wrong_source', { headers: { ...encode(baked).headers, ce_source: '' } }],
    ['wrong_source', { ...encode(command), headers: { ...encode(command).headers, ce_source: 'oven' } }],
    ['not_cloudevents', { headers: {} }],
    ['not_cloudevents', { headers: { ...encode(baked).headers, ce_id: '42' } }],
  ])('an invalid message is refused by its reader with the cause %s', (cause, change) => {
    expect(refusal(() => decode({ ...encode(baked), ...change }))).toBe(cause);
  });
});

describe('a catalogue', () => {
  it('a catalogue finds a message by its name and version', () => {
    expect(CATALOGUE.find('LoafBaked', 1)).toBe(LoafBaked);
    expect(CATALOGUE.find('LoafBaked', 2)).toBeUndefined();
  });

  it('a catalogue refuses a message that is declared twice in one version, and names it', () => {
    expect(() => catalogue([LoafBaked, LoafBaked])).toThrow('version 1 of LoafBaked is declared twice');
  });

  it('a catalogue takes commands from the one service that it names', () => {
    const kitchens = catalogue([BakeLoaf], { commandsFrom: 'kitchen' });
    const asked = kitchens.encode(message(BakeLoaf, { loafId }, { source: 'kitchen' }));
    expect(kitchens.decode(asked).source).toBe('kitchen');
    expect(refusal(() => decode(asked))).toBe('wrong_source');
  });
});
