import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { SAMPLES } from '../../demo/samples.js';
import type { TestSystem } from '../test-system.fixture.spec.js';
import { faultsOf } from './audit.fixture.spec.js';
import { pagesOf } from './browser.fixture.spec.js';

/**
 * Goal: all tabs of a browser share one stream, which tells what happens as it happens, goes on where it was after an outage, and says what is
 * not known meanwhile. Method: Chromium, two tabs, the whole system; services held still, the gateway and Kafka killed.
 */
const ORDINARY = SAMPLES[0]?.order;
const LIST = '/v1/orders?';

export const whenManyTabsAreOpen = (system: () => TestSystem): void =>
  describe('when many tabs are open', () => {
    const place = async (): Promise<string> => {
      const headers = { 'idempotency-key': randomUUID() };
      const { status, body } = await system().api('POST', '/v1/orders', { body: ORDINARY, headers });
      expect(status).toBe(202);
      return String(body['id']);
    };
    const ended = (id: string): Promise<unknown> =>
      waitUntil(
        `order ${id} ends`,
        async () => {
          const { body } = await system().api('GET', `/v1/orders/${id}`);
          return body['status'] !== 'PENDING';
        },
        60_000,
      );
    const { opened, close } = pagesOf(() => system().gatewayUrl);
    /** How many streams the gateway has open, as its metrics say. */
    const streams = async (): Promise<number> => {
      const { stdout } = await system().backstep('metrics', 'gateway', '--all', '--json');
      const { items } = JSON.parse(stdout) as { items: { metric: string; value: number }[] };
      return items.find(({ metric }) => metric === 'backstep_stream_clients')?.value ?? -1;
    };
    /** From here on it is told what happens, and all parts are known to be well. */
    const live = async (page: Page): Promise<void> => {
      await page.getByText('live', { exact: true }).waitFor({ timeout: 60_000 });
      await page
        .getByRole('list', { name: 'Parts of the system' })
        .getByText('Kafka is well')
        .waitFor({ state: 'attached' });
    };

    it('two tabs have one stream; new orders wait behind a button, and rows change in place without being asked for', async () => {
      const seen = await opened('/orders');
      const { page } = seen;
      await live(page);
      const tab = await seen.anotherTab();
      await tab.goto('/orders?status=CONFIRMED');
      await live(tab);
      await waitUntil('there is one stream', async () => (await streams()) === 1, 30_000);
      system().signal('payment', 'SIGSTOP');
      let id: string;
      try {
        id = await place();
        await page.getByRole('button', { name: /^Show 1 new/ }).click();
        await page
          .getByRole('row', { name: new RegExp(id) })
          .getByText('PENDING')
          .waitFor();
        const asked: string[] = [];
        page.on('request', (request) => asked.push(request.url()));
        system().signal('payment', 'SIGCONT');
        await page
          .getByRole('row', { name: new RegExp(id) })
          .getByText('CONFIRMED')
          .waitFor({ timeout: 60_000 });
        expect(asked.filter((url) => url.includes(LIST))).toEqual([]);
      } finally {
        system().signal('payment', 'SIGCONT');
      }
      // The other tab shows confirmed ones: this one has come to be one.
      await tab.getByRole('button', { name: /^Show 1 new/ }).click();
      await tab.getByRole('row', { name: new RegExp(id) }).waitFor();
      await waitUntil('there is one stream', async () => (await streams()) === 1, 30_000);
      await tab.close();
      await close(seen);
      await waitUntil('it ends with the last tab', async () => (await streams()) === 0, 30_000);
    }, 180_000);

    it('an order’s lanes grow as it runs; a service that does not answer is a hatched lane until it does', async () => {
      system().signal('payment', 'SIGSTOP');
      const id = await place();
      const seen = await opened(`/orders/${id}?follow=true`);
      const { page } = seen;
      try {
        await page.getByRole('button', { name: /ChargePayment/ }).waitFor({ timeout: 60_000 });
        await page.locator('svg text', { hasText: 'payment does not answer' }).waitFor({ timeout: 60_000 });
        expect(await faultsOf(page)).toEqual([]);
      } finally {
        system().signal('payment', 'SIGCONT');
      }
      await page.getByRole('button', { name: /OrderConfirmed/ }).waitFor({ timeout: 60_000 });
      await page
        .locator('svg text', { hasText: 'payment does not answer' })
        .waitFor({ state: 'detached', timeout: 60_000 });
      const sentences = (): Promise<string[]> =>
        page
          .getByRole('group', { name: /Messages/ })
          .getByRole('button')
          .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
      const numbers = (await sentences()).map((sentence) => Number.parseInt(sentence, 10));
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      // Each command ends in the lane of whom it asks, when the inbox there got it: services are asked again for that.
      await waitUntil('every command was received', async () => {
        const commands = (await sentences()).filter((sentence) => sentence.includes(' asked '));
        return commands.length > 2 && commands.every((sentence) => sentence.includes('received in'));
      });
      await close(seen);
    }, 180_000);

    it('after the gateway was killed the stream goes on: what happened meanwhile is shown, once', async () => {
      system().signal('payment', 'SIGSTOP');
      const id = await place();
      const seen = await opened('/orders');
      const { page } = seen;
      try {
        await live(page);
        await page
          .getByRole('row', { name: new RegExp(id) })
          .getByText('PENDING')
          .waitFor();
        await system().kill('gateway', 'SIGKILL');
        await page.getByText(/connecting again/).waitFor({ timeout: 60_000 });
      } finally {
        system().signal('payment', 'SIGCONT');
        await system().restart('gateway');
      }
      await live(page);
      await page
        .getByRole('row', { name: new RegExp(id) })
        .getByText('CONFIRMED')
        .waitFor({ timeout: 60_000 });
      expect(await page.getByRole('row', { name: new RegExp(id) }).count()).toBe(1);
      const more = [await place(), await place()];
      await page.getByRole('button', { name: /^Show 2 new/ }).click();
      for (const one of more) await page.getByRole('row', { name: new RegExp(one) }).waitFor();
      await Promise.all(more.map(ended));
      // While the gateway was away nothing answered.
      seen.wrong.splice(0, seen.wrong.length, ...seen.wrong.filter((text) => !text.includes('ERR_')));
      await close(seen);
    }, 180_000);

    it('while Kafka is away that is said, and all else works', async () => {
      const seen = await opened('/orders');
      const { page } = seen;
      await live(page);
      await system().kill('kafka', 'SIGKILL');
      let id: string;
      try {
        await page.getByText('Kafka does not answer').first().waitFor({ timeout: 60_000 });
        id = await place();
        await page.getByRole('button', { name: /^Show 1 new/ }).click({ timeout: 60_000 });
        await page.getByRole('link', { name: id }).click();
        await page.getByRole('heading', { name: id }).waitFor();
        await page.getByText(/kafka \(the messages/).waitFor({ timeout: 60_000 });
        expect(await faultsOf(page)).toEqual([]);
      } finally {
        await system().restart('kafka');
      }
      await page.getByRole('button', { name: /OrderConfirmed/ }).waitFor({ timeout: 120_000 });
      await live(page);
      await close(seen);
    }, 300_000);
  });
