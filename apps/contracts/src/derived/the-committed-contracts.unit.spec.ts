import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { message, newId } from '@backstep/messages';
import {
  contractSchema,
  HEADERS,
  refusedChanges,
  REQUIRED_HEADERS,
  versionedName,
  type ContractSchema,
  type Wiring,
} from '@backstep/messages/documents';
import { CATALOGUE, OrderConfirmed, TOPICS } from '../index.js';
import { cataloguePage, exampleData, exampleOnTheWire, shopDocument } from './index.js';

/**
 * Goal: what is committed about the messages is true, and no message changes under those who know it.
 * When this fails: `npm run build && node tools/docs.mjs`, which refuses what is incompatible.
 */
const root = new URL('../../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const SCHEMAS = 'apps/contracts/schemas';

const committed = Object.fromEntries(
  readdirSync(new URL(SCHEMAS, root)).map((name) => [name, JSON.parse(read(`${SCHEMAS}/${name}`)) as ContractSchema]),
);
const derived = Object.fromEntries(
  CATALOGUE.messages.map((one) => [`${versionedName(one)}.json`, contractSchema(one)]),
);
const document = JSON.parse(read('docs/messages/asyncapi.json')) as AsyncApi;

interface AsyncApi {
  readonly operations: Readonly<
    Record<string, { readonly action: 'send' | 'receive'; readonly messages: readonly { readonly $ref: string }[] }>
  >;
}

/** Contracts do not know who sends and handles. The document says it, and `tools/docs.mjs --check` proves that part. */
function wiringOf({ operations }: AsyncApi): Wiring {
  const wiring: Record<string, { sends: string[]; handles: string[] }> = {};
  for (const [name, { action, messages }] of Object.entries(operations)) {
    const service = (wiring[name.split('.')[0] ?? ''] ??= { sends: [], handles: [] });
    const named = messages.map(({ $ref }) => $ref.split('/').at(-1) ?? '');
    service[action === 'send' ? 'sends' : 'handles'].push(...named);
  }
  return wiring;
}

describe('the committed schemas', () => {
  it('the messages are compatible with the committed schemas', () => {
    expect(refusedChanges(committed, derived)).toEqual({});
  });

  it('the committed schemas are up to date, one for each message', () => {
    expect(committed).toEqual(derived);
  });

  it.each(CATALOGUE.messages.map((definition) => [versionedName(definition), definition] as const))(
    'the committed schema of %s accepts the example',
    (_, definition) => {
      const accepts = new Ajv({ strictSchema: false, validateFormats: false }).compile(contractSchema(definition));
      expect([accepts(exampleData(definition)), accepts.errors]).toEqual([true, null]);
      expect(accepts({})).toBe(false);
    },
  );
});

describe('the AsyncAPI document', () => {
  it('the committed document is up to date', () => {
    expect(document).toEqual(JSON.parse(JSON.stringify(shopDocument(wiringOf(document)))));
  });

  it('the AsyncAPI document is valid AsyncAPI 3.0', () => {
    const path = createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json');
    const isValid = new Ajv({ strict: false, validateFormats: false }).compile(
      JSON.parse(readFileSync(path, 'utf8')) as object,
    );
    expect([isValid(document), isValid.errors]).toEqual([true, null]);
    expect(isValid({ ...document, channels: { 'order.events': { address: 42 } } })).toBe(false);
  });

  it('the AsyncAPI document has no external and no dangling reference', () => {
    const pointers = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, pointer = '']) => pointer);
    const target = (pointer: string): unknown =>
      pointer
        .split('/')
        .slice(1)
        .reduce<unknown>((inside, name) => (inside as Record<string, unknown> | undefined)?.[name], document);
    expect(pointers.length).toBeGreaterThan(CATALOGUE.messages.length);
    expect(pointers.filter((pointer) => !pointer.startsWith('#/') || target(pointer) === undefined)).toEqual([]);
  });

  it('the AsyncAPI document has a sender and a handler of each command', () => {
    const { orchestrator, ...participants } = wiringOf(document);
    const commands = CATALOGUE.messages
      .filter(({ kind }) => kind === 'command')
      .map(versionedName)
      .sort();
    expect([...(orchestrator?.sends ?? [])].sort()).toEqual(commands);
    const handled = Object.values(participants).flatMap((wired) => wired?.handles ?? []);
    expect(commands.filter((name) => !handled.includes(name))).toEqual([]);
  });
});

describe('the message catalogue', () => {
  it('the committed document is up to date', () => {
    expect(read('docs/messages/README.md')).toBe(cataloguePage(wiringOf(document)));
  });

  it('the message catalogue describes each header of a message on the wire, and no other', () => {
    const { headers } = exampleOnTheWire(OrderConfirmed, 'order');
    expect(Object.keys(headers)).toEqual(Object.keys(HEADERS));
    const bare = CATALOGUE.encode(message(OrderConfirmed, { orderId: newId() }, { source: 'order' }));
    expect(Object.keys(bare.headers)).toEqual(REQUIRED_HEADERS);
    const accepts = new Ajv({ validateFormats: false }).compile({
      type: 'object',
      properties: HEADERS,
      required: REQUIRED_HEADERS,
    });
    expect([accepts(headers), accepts(bare.headers)]).toEqual([true, true]);
  });

  it('the message catalogue names an existing topic for every message', () => {
    const names = TOPICS.map(({ name }) => name);
    expect(CATALOGUE.messages.filter(({ topic }) => !names.includes(topic))).toEqual([]);
  });
});
