import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { SAMPLES } from '../../demo/samples.js';
import type { TestSystem } from '../test-system.fixture.spec.js';
import { audit } from './audit.fixture.spec.js';
import { pagesOf } from './browser.fixture.spec.js';

interface KafkaRecord {
  readonly headers: Readonly<Record<string, string>>;
}

/** With the order itself so many sagas: thirteen messages each, and more than 300 are grouped. */
const REVISIONS = 24;

/**
 * Goal: of an order that took long, or was changed often, one sees what happened and not how often it was asked for; whatever is drawn as one opens, by
 * mouse and by keys, the address keeps what is open, and the table has each message all the same.
 * Method: inventory holds still until its command is asked for again; an order is revised until its messages are too many to be drawn at once.
 */
export const whenAnOrdersLanesAreFolded = (system: () => TestSystem): void =>
  describe('when an order’s lanes are folded', () => {
    let askedTwice = '';
    let revised = '';
    const { opened, close } = pagesOf(() => system().gatewayUrl);

    async function place(): Promise<string> {
      const headers = { 'idempotency-key': randomUUID() };
      const { body } = await system().api('POST', '/v1/orders', { body: SAMPLES[0]?.order, headers });
      return String(body['id']);
    }
    const confirmed = (id: string) =>
      waitUntil(
        `order ${id} is confirmed`,
        async () => {
          const { body } = await system().api('GET', `/v1/orders/${id}`);
          return body['status'] === 'CONFIRMED' && String(body['version']);
        },
        60_000,
      );

    async function askTwice(): Promise<string> {
      system().signal('inventory', 'SIGSTOP');
      try {
        const id = await place();
        await waitUntil(
          'the stock is asked for again',
          async () => {
            const { body } = await system().api('GET', `/v1/orders/${id}/events`);
            const all = (body['items'] ?? []) as KafkaRecord[];
            return new Set(asked(all).map(({ headers }) => headers['ce_id'])).size === 2;
          },
          60_000,
        );
        return id;
      } finally {
        system().signal('inventory', 'SIGCONT');
      }
    }
    const asked = (all: readonly KafkaRecord[]) => all.filter(({ headers }) => headers['ce_type'] === 'ReserveStock');

    async function reviseOften(): Promise<string> {
      const id = await place();
      for (let revision = 0; revision < REVISIONS; revision += 1) {
        const lines = [{ op: 'setQuantity', sku: SAMPLES[0]?.order.items[0]?.sku, quantity: 2 - (revision % 2) }];
        const headers = { 'if-match': `"v${await confirmed(id)}"`, 'idempotency-key': randomUUID() };
        expect(await system().api('PATCH', `/v1/orders/${id}`, { body: { lines }, headers })).toMatchObject({
          status: 202,
        });
      }
      await confirmed(id);
      return id;
    }

    beforeAll(async () => {
      askedTwice = await askTwice();
      await confirmed(askedTwice);
      revised = await reviseOften();
    }, 180_000);

    const messages = (page: Page) => page.getByRole('group', { name: /^Messages/ }).getByRole('button');
    const stack = (page: Page) =>
      messages(page).and(page.getByRole('button', { name: /ReserveStock.* drawn as one$/ }));
    const sending = (page: Page, number: number) =>
      page.getByRole('button', { name: new RegExp(`ReserveStock.*sending ${number} of 2`) });
    const groups = (page: Page) => page.getByRole('button', { name: /messages of a saga drawn as one/ });
    const pause = (page: Page, expanded: boolean) =>
      page
        .getByRole('group', { name: 'Long pauses' })
        .getByRole('button', { name: /^A pause of [1-9]\d s/, expanded })
        .first();
    const isOpen = (url: URL): boolean => url.searchParams.has('open');
    const focused = (page: Page, beginning: RegExp) =>
      waitUntil('it has the focus', async () =>
        beginning.test(await page.evaluate<string>("document.activeElement?.getAttribute('aria-label') ?? ''")),
      );

    it('a command that was asked for twice is one arrow; by keys it opens to its sendings, and a link shows the same', async () => {
      const seen = await opened(`/orders/${askedTwice}`);
      const { page } = seen;
      await stack(page).waitFor();
      const folded = await messages(page).count();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.waitForURL(/sel=m:inventory\.commands/);
      await page.keyboard.press('Enter');
      await page.waitForURL(isOpen);
      await sending(page, 2).waitFor();
      expect(await messages(page).count()).toBe(folded + 1);
      const other = await opened(page.url());
      await sending(other.page, 1).waitFor();
      await sending(other.page, 2).waitFor();
      await close(other);
      await page.keyboard.press('z');
      await stack(page).waitFor();
      expect(isOpen(new URL(page.url()))).toBe(false);
      await close(seen);
    });

    it('by mouse it opens and folds, and the focus stays with the command', async () => {
      const seen = await opened(`/orders/${askedTwice}`);
      const { page } = seen;
      await page.locator('svg text', { hasText: 'ReserveStock ×2' }).click();
      await sending(page, 1).waitFor();
      await focused(page, /sending 1 of 2/);
      await page.getByRole('group', { name: 'What is opened' }).getByRole('button').press('Enter');
      await stack(page).waitFor();
      await focused(page, /drawn as one/);
      await close(seen);
    });

    it('the pause in which nobody answered is folded; it opens and folds by one key, where it is', async () => {
      const seen = await opened(`/orders/${askedTwice}`);
      const { page } = seen;
      await pause(page, false).waitFor();
      const xOf = async (text: string): Promise<number> =>
        (await page.locator('svg text', { hasText: text }).boundingBox())?.x ?? NaN;
      const apart = async (): Promise<number> => (await xOf('ReserveStock ×2')) - (await xOf('OrderPlaced'));
      const narrow = await apart();
      await pause(page, false).press('Enter');
      await pause(page, true).waitFor();
      expect(new URL(page.url()).searchParams.get('open')).toMatch(/^p:\d+$/);
      expect(await apart()).toBeGreaterThan(narrow);
      await focused(page, /^A pause of/);
      await page.keyboard.press(' ');
      await pause(page, false).waitFor();
      await page.waitForURL((url) => !isOpen(url));
      await close(seen);
    });

    it('the table has each sending, when Kafka took it, and the timer that asked again', async () => {
      const seen = await opened(`/orders/${askedTwice}?tab=list`);
      const { page } = seen;
      for (const number of [1, 2])
        expect(
          await page.getByRole('row', { name: new RegExp(`ReserveStock.* ${number} of 2`) }).textContent(),
        ).toMatch(/inventory\.commands\/\d@\d+.*│ \+\d/);
      const besides = page.getByRole('table', { name: 'Beside the messages' });
      await besides.getByRole('row', { name: /timer fired.*ReserveStock was asked again/ }).waitFor();
      await besides.getByRole('row', { name: /pivot.*create-shipment is done/ }).waitFor();
      await close(seen);
    });

    it('an order of more than 300 messages is drawn as its sagas; each opens to its messages, and none is lost', async () => {
      const seen = await opened(`/orders/${revised}`);
      const { page } = seen;
      await groups(page).nth(REVISIONS).waitFor();
      const counts = await groups(page).evaluateAll((all) =>
        all.map((one) => Number(/(\d+) messages/.exec(one.getAttribute('aria-label') ?? '')?.[1])),
      );
      expect(counts).toHaveLength(REVISIONS + 1);
      const { body } = await system().api('GET', `/v1/orders/${revised}/events`);
      const ids = ((body['items'] ?? []) as KafkaRecord[]).map(({ headers }) => headers['ce_id']);
      expect(counts.reduce((sum, count) => sum + count, 0) + (await messages(page).count()) - counts.length).toBe(
        new Set(ids).size,
      );
      const before = await messages(page).count();
      await groups(page).first().press('Enter');
      await page.waitForURL(isOpen);
      await messages(page)
        .and(page.getByRole('button', { name: /OrderConfirmed/, pressed: false }))
        .waitFor();
      expect(await messages(page).count()).toBe(before - 1 + (counts[0] ?? 0));
      await page.keyboard.press('z');
      await groups(page).nth(REVISIONS).waitFor();
      await close(seen);
    });

    it('axe finds nothing in lanes that are folded, and that are opened', async () => {
      const found = await audit(system().gatewayUrl, [
        {
          path: `/orders/${askedTwice}`,
          ready: (page) => stack(page).waitFor(),
          then: {
            'with its sendings': (page) => stack(page).press('Enter'),
            'with its pauses': async (page) => {
              await page.keyboard.press('z');
              await page.keyboard.press('z');
              await pause(page, true).waitFor();
            },
          },
        },
        { path: `/orders/${askedTwice}?tab=list`, ready: (page) => page.getByRole('table').nth(1).waitFor() },
        { path: `/orders/${revised}`, ready: (page) => groups(page).nth(REVISIONS).waitFor() },
      ]);
      expect(found).toEqual([]);
    }, 180_000);
  });
