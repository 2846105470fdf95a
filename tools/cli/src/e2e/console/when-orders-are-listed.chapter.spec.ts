import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { SAMPLES } from '../../demo/samples.js';
import type { TestSystem } from '../test-system.fixture.spec.js';
import { audit, faultsOf } from './audit.fixture.spec.js';
import { pagesOf } from './browser.fixture.spec.js';

/**
 * Goal: who looks at the list of orders sees where each of them stands without opening one, chooses them by state and time, hands on what is seen, and goes
 * through it by keys. Method: Chromium, the real system, its sample orders; services held still.
 */
const REFUSED_BY_CARRIER = 3;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const whenOrdersAreListed = (system: () => TestSystem, orders: () => readonly string[]): void =>
  describe('when orders are listed', () => {
    const { opened, close } = pagesOf(() => system().gatewayUrl);
    const row = (page: Page, id: string) => page.getByRole('row', { name: new RegExp(id) });
    const dotsOf = (page: Page, id: string) => row(page, id).getByRole('img', { name: /^place-order: / });
    const place = async (): Promise<string> => {
      const headers = { 'idempotency-key': randomUUID() };
      const { status, body } = await system().api('POST', '/v1/orders', { body: SAMPLES[0]?.order, headers });
      expect(status).toBe(202);
      return String(body['id']);
    };

    it('each row has a dot a step of its saga, and all rows are asked for at once', async () => {
      const seen = await opened('about:blank');
      const { page } = seen;
      const asked: string[] = [];
      page.on('request', (request) => {
        if (request.url().includes('/v1/sagas')) asked.push(request.url());
      });
      await page.goto('/orders');
      const refused = orders()[REFUSED_BY_CARRIER] ?? '';
      await dotsOf(page, refused).waitFor();
      expect(await dotsOf(page, refused).getAttribute('aria-label')).toBe(
        'place-order: reserve-stock taken back; charge-payment taken back; create-shipment refused; confirm-order skipped; reject-order done',
      );
      expect(await dotsOf(page, refused).textContent()).toBe('↺↺✕⊘✓');
      expect(await dotsOf(page, orders()[0] ?? '').textContent()).toBe('✓✓✓✓');
      await row(page, refused).getByText('shipment_refused').waitFor();
      expect(asked).toHaveLength(1);
      for (const id of orders()) expect(asked[0]).toContain(id);
      await close(seen);
    });

    it('a row says which step is waited for, and since when; when the step is answered, the row goes on by itself', async () => {
      system().signal('payment', 'SIGSTOP');
      const seen = await opened('/orders');
      const { page } = seen;
      let id: string;
      try {
        // From here on what is placed is told.
        await page.getByText('live', { exact: true }).waitFor({ timeout: 60_000 });
        await row(page, orders()[0] ?? '').waitFor();
        id = await place();
        await page.getByRole('button', { name: /^Show 1 new/ }).click();
        const waits = row(page, id).getByText(/^charge-payment, for \d/);
        await waits.waitFor();
        expect(await waits.getByRole('time').getAttribute('title')).toMatch(
          /^since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC$/,
        );
        await row(page, id).getByTitle('charge-payment: sent, not answered yet').waitFor();
        expect(await faultsOf(page)).toEqual([]);
      } finally {
        system().signal('payment', 'SIGCONT');
      }
      await row(page, id).getByText('CONFIRMED').waitFor({ timeout: 60_000 });
      await dotsOf(page, id).getByText('✓').nth(3).waitFor({ timeout: 60_000 });
      await close(seen);
    }, 180_000);

    it('orders are chosen by time: the last minutes, or from one moment to another; what is copied is of the moments that were seen', async () => {
      const seen = await opened('/orders', { permissions: ['clipboard-read', 'clipboard-write'] });
      const { page } = seen;
      await page
        .getByRole('navigation', { name: 'Orders by time' })
        .getByRole('link', { name: 'the last 24 h' })
        .click();
      await page.waitForURL('**/orders?from=now-24h');
      const [newest = ''] = [...orders()].reverse();
      await row(page, newest).waitFor();
      await page.keyboard.press('y');
      await page.getByText('Copied the link.').waitFor({ state: 'attached' });
      const link = new URL(await page.evaluate<string>('navigator.clipboard.readText()'));
      expect([...link.searchParams.keys()]).toEqual(['from']);
      const from = Date.parse(link.searchParams.get('from') ?? '');
      expect(Math.abs(from + DAY_MS - Date.now())).toBeLessThan(HOUR_MS);
      const other = await opened(link.href);
      await row(other.page, newest).waitFor();
      await close(other);
      // Between the second and the fourth of the sample orders there is one.
      const times = await Promise.all(
        [1, 3].map(async (at) =>
          String((await system().api('GET', `/v1/orders/${orders()[at] ?? ''}`)).body['createdAt']),
        ),
      );
      const form = page.getByRole('form', { name: 'When they were placed' });
      await page.keyboard.press('/');
      await page.keyboard.press('Control+a');
      await page.keyboard.type(String(times[0]).replace('T', ' ').replace('Z', ''));
      await form.getByLabel('Before').fill(String(times[1]));
      await page.keyboard.press('Enter');
      await page.waitForURL(
        (url) => url.searchParams.get('from') === times[0] && url.searchParams.get('to') === times[1],
      );
      await row(page, orders()[2] ?? '').waitFor();
      await row(page, orders()[3] ?? '').waitFor({ state: 'detached' });
      const shown = await page.getByRole('row').getByRole('link').allTextContents();
      expect(shown).toEqual([orders()[2], orders()[1]]);
      // What is placed now is of no list that has ended.
      await place();
      await page.getByRole('link', { name: 'CONFIRMED' }).click();
      await page.getByRole('heading', { name: /^No order is CONFIRMED and was placed from .* and before / }).waitFor();
      expect(await page.getByRole('button', { name: /new/ }).count()).toBe(0);
      await page.getByRole('link', { name: 'those of any time' }).click();
      await page.waitForURL('**/orders?status=CONFIRMED');
      await row(page, newest).waitFor();
      await close(seen);
    }, 60_000);

    it('a time that is none, and an end before its beginning, are named by their fields, and nothing is asked', async () => {
      const seen = await opened('/orders');
      const { page } = seen;
      const form = page.getByRole('form', { name: 'When they were placed' });
      await form.getByLabel('From').fill('yesterday');
      await form.getByRole('button', { name: 'Show' }).click();
      await form
        .getByRole('alert')
        .getByText(/^✕ From: A time is written as/)
        .waitFor();
      await form.getByLabel('From').fill('1h');
      await form.getByLabel('Before').fill('2h');
      await form.getByRole('button', { name: 'Show' }).click();
      await form
        .getByRole('alert')
        .getByText(/Before: The end is before the beginning/)
        .waitFor();
      expect(new URL(page.url()).search).toBe('');
      expect(await faultsOf(page)).toEqual([]);
      // Of an address that somebody wrote, the API says the same.
      await page.goto('/orders?from=2026-11-28T12:00:00Z&to=2026-11-28T11:00:00Z');
      await page.getByRole('alert').getByText('to: must not be before `from`').waitFor();
      await close(seen);
    });

    it('by keys one goes from an order to the next of the list that it was opened from, and back to the list', async () => {
      const seen = await opened('/orders?status=REJECTED');
      const { page } = seen;
      const rejected = [...orders()].reverse().filter((_, at) => [1, 2, 3].includes(at));
      await row(page, rejected[0] ?? '').waitFor();
      const shown = await page.getByRole('row').getByRole('link').allTextContents();
      const first = shown.indexOf(rejected[0] ?? '');
      expect(shown.slice(first, first + 3)).toEqual(rejected);
      await page.getByRole('link', { name: rejected[0] ?? '' }).click();
      const heading = (id = '') => page.getByRole('heading', { name: id });
      await heading(rejected[0]).waitFor();
      await page.keyboard.press(']');
      await heading(rejected[1]).waitFor();
      await page.getByRole('button', { name: 'Next order of the list' }).click();
      await heading(rejected[2]).waitFor();
      await page.keyboard.press('[');
      await heading(rejected[1]).waitFor();
      await page.keyboard.press('Escape');
      await page.waitForURL(`**/orders?status=REJECTED&sel=${rejected[1] ?? ''}`);
      await row(page, rejected[1] ?? '').waitFor();
      await close(seen);
    });

    it('so one goes from a saga to the next of its list', async () => {
      const seen = await opened('/sagas?state=COMPENSATED');
      const { page } = seen;
      await page.getByRole('row').nth(3).waitFor();
      const [first = '', second = ''] = await page.getByRole('row').getByRole('link').allTextContents();
      await page.getByRole('link', { name: first }).click();
      await page.getByRole('heading', { name: first }).waitFor();
      await page.getByRole('button', { name: 'Next saga of the list' }).click();
      await page.getByRole('heading', { name: second }).waitFor();
      await page.keyboard.press('[');
      await page.getByRole('heading', { name: first }).waitFor();
      await page.keyboard.press('Escape');
      await page.waitForURL(`**/sagas?state=COMPENSATED&sel=${first}`);
      await close(seen);
    });

    it('while the orchestrator is away the list is there, and says what it does not know', async () => {
      const seen = await opened('about:blank');
      const { page } = seen;
      system().signal('orchestrator', 'SIGSTOP');
      try {
        await page.goto('/orders');
        await row(page, orders()[0] ?? '').waitFor();
        await page.getByText('The orchestrator does not answer: where sagas stand').waitFor({ timeout: 60_000 });
        expect(await faultsOf(page)).toEqual([]);
      } finally {
        system().signal('orchestrator', 'SIGCONT');
      }
      await dotsOf(page, orders()[0] ?? '').waitFor({ timeout: 60_000 });
      await page.getByText('The orchestrator does not answer: where').waitFor({ state: 'detached' });
      await close(seen);
    }, 180_000);

    it('axe finds nothing on the list of a span, full and empty, wide and narrow', async () => {
      const found = await audit(system().gatewayUrl, [
        { path: '/orders?from=now-24h', ready: (page) => dotsOf(page, orders()[0] ?? '').waitFor() },
        {
          path: '/orders?status=CANCELLED&from=now-24h&to=now-23h',
          ready: (page) => page.getByRole('heading', { name: /^No order is CANCELLED and was placed from/ }).waitFor(),
        },
      ]);
      expect(found).toEqual([]);
    }, 120_000);
  });
