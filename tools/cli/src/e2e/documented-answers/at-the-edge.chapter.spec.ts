import { describe, expect, it } from '@jest/globals';
import type { Operation } from './api-document.fixture.spec.js';
import { beginAndStall } from './http-requests.fixture.spec.js';
import { type Change, idOf, type Situation } from './situation.fixture.spec.js';

/** What any operation that documents it answers to the same change of a request that is right. */
const CHANGES: Readonly<Record<string, (operation: Operation) => Change>> = {
  'malformed-request': () => ({ query: '%ff' }),
  misdirected: () => ({ headers: { host: 'elsewhere.example' } }),
  'headers-too-large': () => ({ headers: { 'x-filler': 'x'.repeat(20_000) } }),
  'uri-too-long': ({ parameters }) => ({
    path: Object.fromEntries(parameters.map(({ name }) => [name, 'x'.repeat(256)])),
  }),
  unauthorized: () => ({ headers: { authorization: 'Bearer of-somebody-else' } }),
  forbidden: () => ({ headers: { origin: 'https://elsewhere.example' } }),
  validation: () => ({ query: 'nonsense=1' }),
  'malformed-json': () => ({ body: '{', headers: { 'content-type': 'application/json' } }),
  'payload-too-large': () => ({
    body: JSON.stringify('x'.repeat(70_000)),
    headers: { 'content-type': 'application/json' },
  }),
  'unsupported-media-type': () => ({ body: 'tea', headers: { 'content-type': 'text/plain' } }),
};

/** Goal: whatever is wrong with the request itself is answered as documented, by each operation that documents it. */
export const atTheEdge = (situation: () => Situation): void =>
  describe('at the edge', () => {
    it.each(Object.entries(CHANGES))(
      'the answer %s is given by all operations that document it',
      async (kind, change) => {
        const here = situation();
        const answers = here.answersOf(kind);
        expect(answers).not.toHaveLength(0);
        await here.provoke(answers.map((answer) => [answer, change(here.api.operation(idOf(answer)))]));
      },
    );

    it('request-timeout is the answer to a request that stops midway', async () => {
      const here = situation();
      const answers = here.answersOf('request-timeout');
      expect(answers).toHaveLength(here.api.operations.size);
      const stalled = async (id: string) =>
        here.judge(id, await beginAndStall(here.system.gatewayUrl, here.request(id)));
      expect(await Promise.all(answers.map((answer) => stalled(idOf(answer))))).toEqual(answers);
    });

    it('an unknown path is 404, and another method is 405', async () => {
      const { system } = situation();
      const nowhere = await system.api('GET', '/v2');
      expect([nowhere.status, nowhere.body['type']]).toEqual([404, 'urn:backstep:problem:not-found']);
      const never = await system.api('DELETE', '/v1/orders');
      expect([never.status, never.body['type']]).toEqual([405, 'urn:backstep:problem:method-not-allowed']);
    });
  });
