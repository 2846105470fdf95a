import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import type { Page } from 'playwright-core';
import { TEST_CARDS } from '@backstep/contracts/stand-ins';
import type { TestSystem } from '../test-system.fixture.spec.js';
import { audit, faultsOf } from './audit.fixture.spec.js';
import { pagesOf } from './browser.fixture.spec.js';

/** Where the saga of a card ends: a slow, flaky or silent provider delays a charge and changes nothing. */
const ENDS = Object.entries(TEST_CARDS).map(
  ([card, { declined }]) => [card, declined ? 'REJECTED' : 'CONFIRMED'] as const,
);
const LAST_ITEM = 'last-item';
const BUYERS = 100;
/** Of a card that takes 5 s, and of one that fails twice. */
const ENDED_WITHIN_MS = 30_000;

/**
 * Goal: a person who has never seen the system places an order of each kind from the page, and sees there what came of it; two requests with
 * one key are one order, and of a last item one is sold. Method: Chromium, the real system.
 */
export const whenOrdersArePlacedFromThePage = (system: () => TestSystem): void =>
  describe('when orders are placed from the page', () => {
    const { opened, close } = pagesOf(() => system().gatewayUrl);
    const ready = (page: Page) => page.getByRole('group', { name: 'Card' });
    const orderIn = (page: Page): string => new URL(page.url()).searchParams.get('order') ?? '';
    const statusOf = async (order: string): Promise<unknown> =>
      (await system().api('GET', `/v1/orders/${order}`)).body['status'];

    it.each(ENDS)(
      'an order with the card %s is placed, and its lane ends %s',
      async (card, end) => {
        const seen = await opened('/playground?cart=teapot:1');
        const { page } = seen;
        await ready(page)
          .getByRole('radio', { name: new RegExp(`^${card.replace('pm_card_', '')} `) })
          .check();
        await page.getByText(end === 'CONFIRMED' ? /the saga ends.*COMPLETED/ : /the saga ends.*COMPENSATED/).waitFor();
        const drawn = await page.getByRole('figure').getByRole('listitem').allTextContents();
        await page.getByRole('button', { name: 'Place the order' }).click();
        const placed = page.getByRole('region', { name: 'The order that was placed' });
        await placed.getByRole('heading').getByText(end).waitFor({ timeout: ENDED_WITHIN_MS });
        const last = end === 'CONFIRMED' ? 'OrderConfirmed' : 'OrderRejected';
        await placed.getByRole('button', { name: new RegExp(last) }).waitFor({ timeout: ENDED_WITHIN_MS });
        // The way that was drawn before is the one that it took: each of its commands was sent.
        const asked = drawn.map((sentence) => /is asked (\w+)/.exec(sentence)?.[1] ?? '');
        expect(asked.length).toBeGreaterThan(2);
        // Each service sends to Kafka in its own time: the last command may come there before the first.
        for (const command of asked)
          await placed
            .getByRole('button', { name: new RegExp(`: ${command},`) })
            .first()
            .waitFor({ timeout: ENDED_WITHIN_MS });
        await close(seen);
      },
      60_000,
    );

    it('where the carrier does not deliver, the way back is drawn before, and taken', async () => {
      const seen = await opened('/playground?cart=teapot:1');
      const { page } = seen;
      await page.getByLabel('Country').selectOption('AQ');
      await page
        .getByRole('listitem')
        .filter({ hasText: /Compensation of charge-payment/ })
        .waitFor();
      await page.getByRole('button', { name: 'Place the order' }).click();
      const placed = page.getByRole('region', { name: 'The order that was placed' });
      await placed
        .getByRole('button', { name: /compensation of reserve-stock, taken back/ })
        .waitFor({ timeout: ENDED_WITHIN_MS });
      await placed.getByRole('heading').getByText('REJECTED').waitFor();
      await close(seen);
    }, 60_000);

    it('what was sent twice with one key is one order, and the answer says so', async () => {
      const seen = await opened('/playground?cart=teapot:1');
      const { page } = seen;
      await page.getByRole('button', { name: 'Send twice' }).click();
      const answers = page.getByRole('region', { name: 'Requests and answers' });
      await answers.getByText('Idempotency-Replayed: true').first().waitFor();
      const ids = await answers.getByRole('link').allTextContents();
      expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
      expect(ids[0]).toBe(orderIn(page));
      await answers.getByText('The request as curl').first().click();
      const curl = await answers.getByRole('region', { name: 'The request as curl' }).first().textContent();
      expect(curl).toContain(`curl -i -X POST ${system().gatewayUrl}/v1/orders`);
      await close(seen);
    });

    it('by keys alone: a card is chosen, and the order is placed', async () => {
      const seen = await opened('/orders');
      const { page } = seen;
      await page.getByRole('row').nth(1).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('y');
      await ready(page).waitFor();
      const visa = page.getByRole('radio', { name: /^visa / });
      // From the top of the page to the cards, as Tab goes.
      await waitUntil('the cards have the focus', async () => {
        await page.keyboard.press('Tab');
        return visa.evaluate((one) => one.ownerDocument.activeElement === one);
      });
      await page.keyboard.press('ArrowDown');
      await page.waitForURL(/card=pm_card_chargeDeclined/);
      await page.keyboard.press('Control+Enter');
      await page.waitForURL(/order=/);
      const order = orderIn(page);
      await waitUntil('the order is rejected', async () => (await statusOf(order)) === 'REJECTED');
      await page.getByRole('region', { name: 'The order that was placed' }).getByText('payment_declined').waitFor();
      await close(seen);
    });

    it('a request that is refused is told with the field that is wrong, and places nothing', async () => {
      const seen = await opened('/playground?cart=no-such-thing:1');
      const { page } = seen;
      await ready(page).waitFor();
      await page.getByRole('button', { name: 'Place the order' }).click();
      await page.getByRole('alert').getByText('A product is not known').waitFor();
      expect(orderIn(page)).toBe('');
      expect(await faultsOf(page)).toEqual([]);
      await page.getByLabel('Idempotency-Key').fill('ключ');
      await page.getByText('1 to 255 printable ASCII characters.').waitFor();
      expect(await page.getByRole('button', { name: 'Place the order' }).isDisabled()).toBe(true);
      await close(seen);
    });

    it('of a last item one is sold, whoever of a hundred buyers gets it', async () => {
      const seen = await opened('/playground');
      const { page } = seen;
      await ready(page).waitFor();
      await page.getByRole('button', { name: `Last item, ${BUYERS} buyers` }).click();
      const run = page.getByRole('region', { name: `The last item, ${BUYERS} buyers` });
      await waitUntil('all have ended', async () => (await run.getAttribute('aria-busy')) === 'false', 90_000);
      const rows = await run.getByRole('row').evaluateAll((all) => all.map(({ textContent }) => textContent));
      expect(rows.toSorted()).toEqual(['1✓ CONFIRMED', `${BUYERS - 1}↺ REJECTED out_of_stock`]);
      const { body } = await system().api('GET', `/v1/products/${LAST_ITEM}`);
      expect(body['available']).toBe(0);
      await close(seen);
    }, 120_000);

    it('axe finds nothing in the playground, empty-handed or with an order, in light and dark, wide and narrow', async () => {
      const found = await audit(system().gatewayUrl, [
        {
          path: '/playground?cart=teapot:1',
          ready: (page) => Promise.all([ready(page).waitFor(), page.getByRole('figure').waitFor()]),
          then: {
            placed: async (page) => {
              await page.getByRole('button', { name: 'Send twice' }).click();
              await page.getByRole('button', { name: /OrderConfirmed/ }).waitFor({ timeout: ENDED_WITHIN_MS });
            },
          },
        },
      ]);
      expect(found).toEqual([]);
    }, 120_000);
  });
