import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, afterAll, describe, expect, it } from '@jest/globals';
import { HOST } from '@backstep/infrastructure';
import { ordersText } from '../orders/render-orders.js';
import { parkedText } from '../parked/render-parked.js';
import { evidenceText } from '../saga/render-evidence.js';
import { sagasText } from '../sagas/render-sagas.js';
import { Timeline } from '../events/timeline.js';
import { Api } from './api.js';
import { anyCase, idOrItsEnd } from './arguments.js';
import { EXIT, UsageError } from './exit-codes.js';
import { fullId } from './full-id.js';
import { aMessage, anEvidence, anOrder, aParkedMessage, aSaga } from './representations.fixture.spec.js';
import { widthOf, writable } from './safe-text.js';
import { columnsOf, fitTo } from './screen.js';
import { coloured } from './style.js';

/** Goal: lists fit the terminal, with short ids where whole ones do not, and every command takes an id as it was shown. */
afterEach(() => fitTo(undefined));

const LISTS = {
  orders: () => ordersText([anOrder], coloured),
  sagas: () => sagasText([aSaga], coloured),
  parked: () => parkedText([aParkedMessage], coloured),
  evidence: () => evidenceText({ ...anEvidence, missing: [] }, coloured),
  messages: () => new Timeline({ paint: coloured, several: true }).line({ ...aMessage, key: '東京'.repeat(40) }),
};

describe('when the terminal is narrow', () => {
  it.each(Object.entries(LISTS))('%s fit it', (_, render) => {
    const whole = render();
    for (const columns of [20, 60, 80, 100]) {
      fitTo(columns);
      for (const line of render().split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      expect(writable(render())).not.toMatch(/\u001b\[(?!0m)\d+m[^\u001b]*$/);
    }
    fitTo(undefined);
    expect(render()).toBe(whole);
  });

  it('ids are short only where whole ones do not fit', () => {
    fitTo(200);
    expect(ordersText([anOrder])).toContain(anOrder.id);
    fitTo(80);
    expect(ordersText([anOrder])).not.toContain(anOrder.id);
    expect(ordersText([anOrder])).toMatch(new RegExp(`…${anOrder.id.slice(-12)} +REJECTED`));
  });

  it.each([
    [{ isTTY: true, columns: 70 }, {}, 70],
    [{ isTTY: true, columns: 70 }, { COLUMNS: '50' }, 50],
    [{ isTTY: true, columns: 70 }, { COLUMNS: 'x' }, 70],
    [{ isTTY: true, columns: 3 }, {}, 20],
    [{ isTTY: true }, {}, undefined],
    [{}, { COLUMNS: '50' }, undefined],
  ])('%j with %j has %s columns', (stream, environment, columns) =>
    expect(columnsOf(stream, environment)).toBe(columns),
  );
});

describe('an id as it was shown', () => {
  const ids = [
    '0197a0c2-5b1e-7c3d-9a51-aaaaaa111111',
    '0197a0c2-5b1e-7c3d-9a51-bbbbbb111111',
    '0197a0c2-5b1e-7c3d-9a51-cccccc222222',
  ];
  let gateway: Server;
  let api: Api;

  beforeAll(async () => {
    // Two pages: what is looked for may be on the second.
    gateway = createServer(({ url = '' }, response) => {
      const second = url.includes('cursor=');
      const items = (second ? ids.slice(1) : ids.slice(0, 1)).map((id) => ({ id }));
      response.end(JSON.stringify({ items, nextCursor: second ? null : 'c1' }));
    });
    await new Promise<void>((resolve) => gateway.listen(0, HOST, resolve));
    api = new Api(`http://${HOST}:${(gateway.address() as AddressInfo).port}`);
  });
  afterAll(() => gateway.close().closeAllConnections());

  it.each(['…cccccc222222', 'cccccc222222', '...CCCCCC222222', '222222', ids[2] ?? ''])(
    '%s is found',
    async (given) => {
      expect(await fullId(api, 'order', idOrItsEnd(given))).toBe(ids[2]);
    },
  );

  it('several that end so are listed, and none is told', async () => {
    const several = fullId(api, 'saga', idOrItsEnd('…111111'));
    await expect(several).rejects.toThrow(UsageError);
    await expect(several).rejects.toThrow(`Several end with 111111; which one?\n  ${ids[0]}\n  ${ids[1]}`);
    await expect(fullId(api, 'saga', 'dddddd')).rejects.toMatchObject({ exitCode: EXIT.notFound });
  });

  it.each(['', '…', 'xyz', '12345', 'retry', '…aaaaaa1111111'])('%j is none', (text) =>
    expect(() => idOrItsEnd(text)).toThrow('It must be an id'),
  );
});

describe('a choice', () => {
  it('may be written in any case', () => {
    expect(anyCase(['PENDING', 'REJECTED'])('pending')).toBe('PENDING');
    expect(() => anyCase(['PENDING'])('gone')).toThrow('Allowed choices are PENDING');
  });
});
