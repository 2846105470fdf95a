import { expect, it } from '@jest/globals';
import { ask, base, document, routes, startGatewayAlone } from '../gateway-alone.fixture.spec.js';

/** Goal: a gateway that was told of no control socket has no lab at all. Method: the whole gateway with a built console. */
startGatewayAlone();

it('no path of the lab is known, for no method, and no document names one', async () => {
  for (const path of ['/lab', '/v1/dev/faults', '/v1/dev/doctor', '/v1/dev/load'])
    for (const method of ['GET', 'POST', 'DELETE']) {
      const answer = await fetch(base + path, { method });
      const { type } = (await answer.json()) as { readonly type: string };
      expect([path, method, answer.status, type]).toEqual([path, method, 404, 'urn:backstep:problem:not-found']);
    }
  const named = [...Object.keys(document.paths), ...routes.map(({ url }) => url)];
  expect(named.filter((path) => /lab|\/dev\//.test(path))).toEqual([]);
  expect(JSON.stringify(document)).not.toContain('NewFault');
});

it('the system says that it has none', async () => {
  const { body } = await ask('GET', '/v1/system');
  expect(body['capabilities']).toMatchObject({ faults: false, doctor: false });
});
