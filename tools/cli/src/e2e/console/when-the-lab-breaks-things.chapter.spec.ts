import { afterEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import type { Locator, Page } from 'playwright-core';
import type { TestSystem } from '../test-system.fixture.spec.js';
import { audit, faultsOf } from './audit.fixture.spec.js';
import { pagesOf, type Seen } from './browser.fixture.spec.js';

/** A process that is started again runs migrations and joins its consumer group, on a machine that others use. */
const BACK_WITHIN_MS = 60_000;
/** The page looks again when five times as long has passed as the last look took, and on a busy machine that takes seconds. */
const EXAMINED_WITHIN_MS = 120_000;
/** More than are under way at once: they are of the time after the kill, too. */
const ORDERS = 12;

/**
 * Goal: a person breaks a running system from the page, and sees there that nothing is lost: by the page's own books, and by the doctor. What is
 * broken heals by itself, and is healed at a key. Method: Chromium, the real system, started as `npm start` starts it.
 */
export const whenTheLabBreaksThings = (system: () => TestSystem): void =>
  describe('when the lab breaks things', () => {
    afterEach(async () => {
      await system().api('DELETE', '/v1/dev/faults');
      await waitUntil(
        'every process is up',
        async () => {
          const { body } = await system().api('GET', '/v1/dev/faults');
          return (body['processes'] as { state: string }[]).every(({ state }) => state === 'up');
        },
        BACK_WITHIN_MS,
      );
    }, BACK_WITHIN_MS + 5_000);

    const { opened: openedAt, close } = pagesOf(() => system().gatewayUrl);
    const opened = async (): Promise<Seen> => {
      const seen = await openedAt('/lab');
      await card(seen.page, 'payment').getByText('up', { exact: true }).waitFor();
      return seen;
    };
    const card = (page: Page, service: string): Locator => page.getByRole('region', { name: service, exact: true });
    const load = (page: Page): Locator => page.getByRole('region', { name: 'Load' });
    const invariants = (page: Page): Locator => page.getByRole('region', { name: 'Invariants' });
    const count = async (page: Page, name: string): Promise<number> => {
      const fact = load(page).locator('div', { has: page.getByRole('term').filter({ hasText: name }) });
      return Number((await fact.getByRole('definition').textContent())?.replaceAll(',', ''));
    };

    it('payment is killed under load and comes back: every accepted order ends, all invariants hold, and none is lost', async () => {
      const seen = await opened();
      const { page } = seen;
      await load(page).getByRole('button', { name: 'Begin the load' }).click();
      await waitUntil('orders are accepted', async () => (await count(page, 'Accepted')) >= 3);
      await card(page, 'payment').getByRole('button', { name: 'Kill payment' }).click();
      await card(page, 'payment').getByText('1 restart').waitFor({ timeout: BACK_WITHIN_MS });
      const atReturn = await count(page, 'Accepted');
      await waitUntil(
        'more are accepted',
        async () => (await count(page, 'Accepted')) >= atReturn + ORDERS,
        BACK_WITHIN_MS,
      );
      await load(page).getByRole('button', { name: 'Stop the load' }).click();
      await waitUntil(
        'all that were accepted have ended',
        async () => (await count(page, 'Waiting')) === 0 && (await count(page, 'Ended')) > 0,
        BACK_WITHIN_MS,
      );
      expect(await count(page, 'Ended')).toBe(await count(page, 'Accepted'));
      expect(await count(page, 'Lost')).toBe(0);
      await invariants(page)
        .getByText(/All hold/)
        .waitFor({ timeout: EXAMINED_WITHIN_MS });
      // A look that began when nothing was under way any more.
      await waitUntil(
        'nothing is left unjudged',
        async () =>
          !(await invariants(page)
            .getByText(/under way/)
            .isVisible()),
        EXAMINED_WITHIN_MS,
      );
      await invariants(page)
        .getByText(/All hold/)
        .waitFor();
      expect(await invariants(page).getByRole('listitem').filter({ hasText: 'holds' }).count()).toBeGreaterThan(10);
      await page.getByText('The same as a table').click();
      await page
        .getByRole('cell', { name: /SIGKILL to payment/ })
        .first()
        .waitFor();
      await close(seen);
    }, 480_000);

    it('a paused service stands still, says so, and heals by itself; all faults heal at Shift Escape', async () => {
      const seen = await opened();
      const { page } = seen;
      const shipment = card(page, 'shipment');
      await shipment.getByRole('button', { name: /^Pause/ }).click();
      await shipment.getByText('paused', { exact: true }).waitFor();
      await shipment.getByText(/heals in [\d.]+ s/).waitFor();
      await shipment.getByText('up', { exact: true }).waitFor({ timeout: BACK_WITHIN_MS });
      await shipment.getByRole('button', { name: /^Slow/ }).click();
      await shipment.getByText('slow', { exact: true }).waitFor();
      await card(page, 'payment').getByRole('button', { name: 'Hold payment there' }).click();
      await card(page, 'payment')
        .getByText(/not there yet/)
        .waitFor();
      await page.keyboard.press('Shift+Escape');
      await shipment.getByText('up', { exact: true }).waitFor();
      await card(page, 'payment')
        .getByText(/not there yet/)
        .waitFor({ state: 'detached' });
      await close(seen);
    }, 120_000);

    it('payment is held where it has charged and not stored, killed there, and the order ends with one charge', async () => {
      const seen = await opened();
      const { page } = seen;
      const payment = card(page, 'payment');
      await payment.getByLabel('Where payment is held').selectOption('payment.after-provider-charge');
      await payment.getByRole('button', { name: 'Hold payment there' }).click();
      await payment.getByText(/not there yet/).waitFor();
      await load(page).getByRole('button', { name: 'Begin the load' }).click();
      await payment.getByText('held at a pause point').waitFor({ timeout: BACK_WITHIN_MS });
      await load(page).getByRole('button', { name: 'Stop the load' }).click();
      await payment.getByRole('button', { name: 'Kill payment' }).click();
      await payment.getByText('up', { exact: true }).waitFor({ timeout: BACK_WITHIN_MS });
      await waitUntil(
        'all that were accepted have ended',
        async () => (await count(page, 'Waiting')) === 0 && (await count(page, 'Ended')) > 0,
        BACK_WITHIN_MS,
      );
      expect(await count(page, 'Lost')).toBe(0);
      await close(seen);
    }, 180_000);

    it('payment is killed while it charges in four clicks: it comes back, the order is confirmed with one charge, and all invariants hold', async () => {
      const seen = await opened();
      const { page } = seen;
      const script = page.getByRole('region', { name: 'Kill payment while it charges' });
      const place = script.getByRole('button', { name: 'Place an order' });
      const kill = script.getByRole('button', { name: 'Kill it there' });
      expect([await place.isDisabled(), await kill.isDisabled()]).toEqual([true, true]);
      await script.getByRole('button', { name: 'Hold payment where it has charged' }).click();
      await place.click();
      await script
        .getByText('The provider has charged, and nothing of that is stored here.')
        .waitFor({ timeout: BACK_WITHIN_MS });
      await kill.click();
      const look = script.getByRole('link', { name: 'Look at what became of it' });
      await look.waitFor({ timeout: EXAMINED_WITHIN_MS });
      await script.getByText('CONFIRMED').waitFor();
      await script.getByText('Charged once, 5.00 EUR.').waitFor();
      await script.getByText('All invariants hold.').waitFor();
      expect(await count(page, 'Lost')).toBe(0);
      // The provider, whom nobody has told what to say.
      const id = (await look.getAttribute('href'))?.split('/').at(-1);
      const ledger = await fetch(`${system().environment().provider}/ledger?orderId=${id}`);
      const { intents } = (await ledger.json()) as { intents: { captured: number }[] };
      expect(intents.map(({ captured }) => captured)).toEqual([5_00]);
      expect(await faultsOf(page)).toEqual([]);
      await look.click();
      await page.waitForURL(`**/orders/${id}`);
      await close(seen);
    }, 240_000);

    it('while the provider answers 500 an order waits, and ends when it is well again', async () => {
      const seen = await opened();
      const { page } = seen;
      const provider = card(page, 'payment-provider');
      await provider.getByRole('button', { name: 'Answers 500' }).click();
      await provider.getByText(/payment-provider answers 500/).waitFor();
      await load(page).getByRole('button', { name: 'Begin the load' }).click();
      await waitUntil('orders are accepted', async () => (await count(page, 'Accepted')) >= 3);
      await load(page).getByRole('button', { name: 'Stop the load' }).click();
      expect(await count(page, 'Waiting')).toBeGreaterThan(0);
      await provider.getByRole('button', { name: /^Heal/ }).click();
      await waitUntil('they have ended', async () => (await count(page, 'Waiting')) === 0, BACK_WITHIN_MS);
      expect(await count(page, 'Lost')).toBe(0);
      await close(seen);
    }, 180_000);

    it('a link leads to the lab from every page, by a key too', async () => {
      const seen = await opened();
      const { page } = seen;
      await page.goto('/orders');
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Lab' }).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('h');
      await page.getByRole('heading', { name: 'Lab' }).waitFor();
      await close(seen);
    });

    it('axe finds nothing in the lab, in light and dark, wide and narrow', async () => {
      const order = (page: Page) => card(page, 'order');
      const hold = (page: Page) => order(page).getByRole('button', { name: 'Hold order there' }).click();
      const found = await audit(system().gatewayUrl, [
        {
          path: '/lab',
          ready: (page) =>
            invariants(page)
              .getByText(/All hold/)
              .waitFor({ timeout: BACK_WITHIN_MS }),
          then: {
            'with a fault and the table': async (page) => {
              await hold(page);
              await order(page)
                .getByText(/not there yet/)
                .waitFor();
              await page.getByText('The same as a table').click();
            },
            'with a refusal': async (page) => {
              await hold(page);
              await page.getByRole('alert').waitFor();
              await page.getByRole('button', { name: 'Heal all' }).click();
              await order(page)
                .getByText(/not there yet/)
                .waitFor({ state: 'detached' });
            },
          },
        },
      ]);
      expect(found).toEqual([]);
    }, 240_000);
  });
