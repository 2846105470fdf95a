import { describe, expect, it } from '@jest/globals';
import { PlaceOrderRequest } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { Validator } from '@seriousme/openapi-schema-validator';
import { document, operationOf, routes, startGatewayAlone } from './gateway-alone.fixture.spec.js';
import { OPERATIONS } from './operations.js';

/** Goal: the document and the routes say the same, in a way that every tool reads. Method: the whole gateway, and what it serves. */
startGatewayAlone();

describe('the document', () => {
  it('the document is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>);
    expect(result).toEqual({ valid: true });
  });

  it('the document has every served route and no other', () => {
    const served = routes.filter(({ method }) => method !== 'HEAD').map(({ method, url }) => `${method} ${url}`);
    const documented = OPERATIONS.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    expect(served.sort()).toEqual(documented.sort());
  });

  it('the document has portable patterns, and a schema for every parameter', () => {
    const patterns: string[] = [];
    JSON.parse(JSON.stringify(document), (name, value: unknown) => {
      if (name === 'pattern') patterns.push(String(value));
      return value;
    });
    expect(patterns).not.toHaveLength(0);
    // No flags, no escapes that RE2 does not know, nothing that looks around or back.
    expect(patterns.filter((pattern) => /\\[pPuk1-9]|\(\?[=!<]/.test(pattern))).toEqual([]);
    for (const { parameters, operationId } of Object.values(document.paths).flatMap((methods) =>
      Object.values(methods),
    )) {
      for (const parameter of parameters) {
        if (!('schema' in parameter)) continue;
        const { type, enum: values, $ref } = parameter.schema;
        expect([operationId, parameter.name, type ?? values ?? $ref]).not.toContain(undefined);
      }
    }
    const cursor = operationOf('GET', '/v1/orders').parameters.find((one) => 'name' in one && one.name === 'cursor');
    expect(cursor).toMatchObject({ schema: { pattern: expect.stringContaining('orders[.]') } });
  });

  it('the document has no dangling reference', () => {
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/(schemas|parameters)\/([^"]+)"/g)];
    const missing = references.filter(
      ([, kind, name]) => !(name! in document.components[kind as 'schemas' | 'parameters']),
    );
    expect(missing).toEqual([]);
  });

  it('the links of the document name existing operations, parameters and members', () => {
    const links = Object.values(document.paths)
      .flatMap((methods) => Object.values(methods))
      .flatMap(({ operationId, responses }) =>
        Object.values(responses).flatMap(({ links = {} }) =>
          Object.values(links).map((link) => ({ from: operationId, ...link })),
        ),
      );
    expect(links.length).toBeGreaterThan(10);
    for (const { from, operationId, parameters } of links) {
      const target = OPERATIONS.find(({ id }) => id === operationId);
      const taken = Object.keys({ ...target?.params, ...target?.query, ...target?.headers });
      expect([from, operationId, taken]).toEqual([from, operationId, expect.arrayContaining(Object.keys(parameters))]);
      for (const place of Object.values(parameters))
        expect(place).toMatch(/^[$]response[.](?:body#(?:[/]\w+)+|header[.]ETag)$/);
    }
  });

  it('the document names every operation once, with each parameter of its path', () => {
    const ids = OPERATIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, params } of OPERATIONS) {
      expect([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)).toEqual(Object.keys(params));
    }
  });

  it('the document’s examples are accepted', () => {
    const examples = document.components.schemas['PlaceOrder']?.examples ?? [];
    expect(examples).not.toHaveLength(0);
    for (const example of examples) expect(PlaceOrderRequest.safeParse(example).success).toBe(true);
  });

  it('the document says what placing an order needs and may be answered', () => {
    const { parameters, responses } = operationOf('POST', '/v1/orders');
    expect(parameters).toContainEqual(
      expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: true }),
    );
    expect(Object.keys(responses)).toEqual([
      ...['202', '400', '403', '408', '413', '415', '421', '422', '431', '500', '503'],
    ]);
    expect(Object.keys(responses['202']!.headers)).toEqual(
      expect.arrayContaining(['Location', 'ETag', 'Idempotency-Replayed']),
    );
    const unprocessable = responses['422']!.content!['application/problem+json']!.schema.properties!['type']!.enum;
    expect(unprocessable).toEqual([
      PROBLEMS.idempotencyKeyReused.type,
      SHOP_PROBLEMS.unknownCustomer.type,
      SHOP_PROBLEMS.unknownSku.type,
      SHOP_PROBLEMS.mixedCurrencies.type,
      PROBLEMS.outOfRange.type,
    ]);
  });
});
