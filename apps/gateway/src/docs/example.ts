import type { Json, OpenApiDocument, SchemaObject } from '../api/openapi-types.js';

/** What a reader meets after `npm start`. Of the rest the schema says enough. */
const BY_NAME: Readonly<Record<string, Json>> = {
  sku: 'mug-blue',
  currency: 'EUR',
  country: 'GB',
  name: 'Ada Lovelace',
  line1: '12 St James Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  topic: 'order.events',
  offset: '42',
  type: 'place-order',
  nextCursor: null,
  failure: null,
};
const BY_FORMAT: Readonly<Record<string, Json>> = {
  uuid: '0199a3b0-7c1e-7000-8000-000000000001',
  'date-time': '2026-11-27T12:00:00.000Z',
  'uri-reference': '/v1/orders/0199a3b0-7c1e-7000-8000-000000000001',
};
const DEPTH_MAX = 8;

/** A value that the schema describes, to show what an answer looks like. */
export function exampleOf(schema: SchemaObject, { components }: OpenApiDocument, name = '', depth = 0): Json {
  const inner = (one: SchemaObject, of = name): Json =>
    exampleOf(one, { components } as OpenApiDocument, of, depth + 1);
  if (depth > DEPTH_MAX) return null;
  if (schema.$ref !== undefined) {
    const target = components.schemas[schema.$ref.split('/').at(-1) ?? ''];
    return target ? inner(target) : null;
  }
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([field, one]) => [field, inner(one, field)]));
  }
  const known = BY_NAME[name];
  if (known !== undefined && !schema.items) return known;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum?.[0] !== undefined) return schema.enum[0];
  if (schema.anyOf?.[0]) return inner(schema.anyOf[0]);
  if (schema.items) return [inner(schema.items)];
  if (schema.format !== undefined && schema.format in BY_FORMAT) return BY_FORMAT[schema.format] ?? null;
  return simple(schema);
}

function simple({ type, minimum }: SchemaObject): Json {
  if (type === 'integer' || type === 'number') return Math.max(minimum ?? 0, 1);
  if (type === 'boolean') return false;
  return type === 'object' ? {} : '…';
}
