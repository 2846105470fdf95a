import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { SAMPLES } from '../../demo/samples.js';
import type { TestSystem } from '../test-system.fixture.spec.js';
import { audit, faultsOf } from './audit.fixture.spec.js';
import { pagesOf } from './browser.fixture.spec.js';

/** Ordinary, and refused by the carrier after the charge. */
const [ORDINARY, REFUSED] = [SAMPLES[0]?.order, SAMPLES[3]?.order];

/**
 * Goal: who opens the console sees whether it is well and what moves, without asking again; can hold it still, and misses nothing by it.
 * Method: Chromium, the real system; orders are placed by a program while the page is open.
 */
export const whenTheLivePageIsWatched = (system: () => TestSystem): void =>
  describe('when the live page is watched', () => {
    const { opened, close } = pagesOf(() => system().gatewayUrl);
    const place = async (order: unknown = ORDINARY): Promise<string> => {
      const headers = { 'idempotency-key': randomUUID() };
      const { status, body } = await system().api('POST', '/v1/orders', { body: order, headers });
      expect(status).toBe(202);
      return String(body['id']);
    };
    const row = (page: Page, order: string) =>
      page.getByRole('row').filter({ has: page.getByRole('link', { name: new RegExp(`^Order .*${order}`) }) });
    const isTold = (page: Page) => page.getByText('told as it happens').waitFor();

    it('an order that is placed appears by itself, ends by itself, and is opened from there', async () => {
      const before = await place();
      const seen = await opened('/');
      const { page } = seen;
      await row(page, before).waitFor();
      expect(await page.title()).toBe('Live · Backstep');
      await isTold(page);
      const order = await place();
      await row(page, order).getByText('CONFIRMED').waitFor();
      await row(page, order).getByText('COMPLETED').waitFor();
      // Order, inventory, payment and shipment: each has done its part.
      await waitUntil(
        'every service is done with it',
        async () => (await row(page, order).getByText('✓').count()) >= 6,
      );
      const refused = await place(REFUSED);
      await row(page, refused).getByText('shipment_refused').waitFor();
      await row(page, refused).getByText('COMPENSATED').waitFor();
      const words = await row(page, refused).getByRole('cell').allTextContents();
      expect(words.join(' ')).toMatch(/taken back.*taken back.*refused/);
      await row(page, order).getByRole('link').click();
      await page.getByRole('heading', { name: order }).waitFor();
      await close(seen);
    }, 60_000);

    it('what an order did before the page was opened is shown too', async () => {
      const refused = await place(REFUSED);
      await waitUntil(
        'the order is rejected',
        async () => (await system().api('GET', `/v1/orders/${refused}`)).body['status'] === 'REJECTED',
      );
      const seen = await opened('/');
      await row(seen.page, refused).getByText('COMPENSATED').waitFor();
      const words = await row(seen.page, refused).getByRole('cell').allTextContents();
      expect(words.join(' ')).toMatch(/taken back.*taken back.*refused/);
      await close(seen);
    });

    it('paused, the page stands still and counts what it holds back; then all of it is there', async () => {
      const seen = await opened('/');
      const { page } = seen;
      await isTold(page);
      await page.keyboard.press(' ');
      await page.getByText('paused, 0 messages held back').waitFor();
      const order = await place();
      await page.getByText(/paused, [1-9]\d* messages held back/).waitFor();
      await waitUntil('the order is confirmed', async () => {
        return (await system().api('GET', `/v1/orders/${order}`)).body['status'] === 'CONFIRMED';
      });
      expect(await row(page, order).count()).toBe(0);
      await page.keyboard.press(' ');
      await row(page, order).getByText('CONFIRMED').waitFor();
      await close(seen);
    });

    it('by keys alone: a row is chosen and opened, and the address says which', async () => {
      const order = await place();
      const seen = await opened('/orders');
      const { page } = seen;
      await page.getByRole('row').nth(1).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('l');
      await row(page, order).waitFor();
      await page.keyboard.press('j');
      await page.waitForURL(`**/?sel=${order}`);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: order }).waitFor();
      await close(seen);
    });

    it('a service that does not answer greys its column, with the reason', async () => {
      const seen = await opened('/');
      const { page } = seen;
      await isTold(page);
      system().signal('shipment', 'SIGSTOP');
      try {
        await page.getByRole('columnheader', { name: /shipment.*does not answer/ }).waitFor({ timeout: 30_000 });
        expect(await faultsOf(page)).toEqual([]);
      } finally {
        system().signal('shipment', 'SIGCONT');
      }
      await page
        .getByRole('columnheader', { name: /shipment.*does not answer/ })
        .waitFor({ state: 'detached', timeout: 30_000 });
      await close(seen);
    }, 90_000);

    it('axe finds nothing on the live page, in light and dark, wide and narrow', async () => {
      const order = await place();
      const found = await audit(system().gatewayUrl, [
        {
          path: '/',
          ready: (page) => Promise.all([row(page, order).waitFor(), isTold(page)]),
          then: { 'as numbers': (page) => page.getByText('The same as numbers').click() },
        },
      ]);
      expect(found).toEqual([]);
    }, 120_000);
  });
