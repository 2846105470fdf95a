import { expect, it } from '@jest/globals';
import { ask, base, builtConsole, document, ID, startGatewayAlone } from '../gateway-alone.fixture.spec.js';

/** Goal: CONSOLE=off leaves an API and nothing else. Method: the whole gateway with a built console that it is told not to serve. */
startGatewayAlone({ CONSOLE: 'off' });

it('no page and no file of the console is served, and the document names none', async () => {
  for (const path of ['/orders', `/orders/${ID}`, `/assets/${builtConsole.script}`]) {
    const answer = await fetch(base + path, { headers: { accept: 'text/html' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      expect.stringContaining('application/problem+json'),
    ]);
  }
  expect(Object.keys(document.paths).filter((path) => /^\/(orders|assets)/.test(path))).toEqual([]);
});

it('the address / redirects people to the document, and gives programs the links', async () => {
  const browser = await fetch(base, { headers: { accept: 'text/html' }, redirect: 'manual' });
  expect([browser.status, browser.headers.get('location')]).toEqual([302, '/docs']);
  expect((await ask('GET', '/')).body).toMatchObject({ links: { docs: '/docs' } });
});
