import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Locator, Page } from 'playwright-core';
import { SAMPLES } from '../../demo/samples.js';
import type { TestSystem } from '../test-system.fixture.spec.js';
import { audit, faultsOf } from './audit.fixture.spec.js';
import { pagesOf } from './browser.fixture.spec.js';

const SKU = 'wanted-by-all';
const SEL = `inventory/Stock/${SKU}`;
/** Orders that are under way at a time. */
const CLIENTS = 4;
/** Shorter than what passes between the read and the write of an order: each meets a conflict, and the other program takes no core of its own. */
const RIVAL_PAUSE_MS = 2;
/** The window, and an instance that tells once more. */
const FORGOTTEN_MS = 90_000;

/** Since when the key is taken as it is, by its row, and whether its panel says the same. */
const SINCE = `(() => {
  const [row, panel] = ['tr:has(a[aria-current]) time', '#key-title ~ p time'].map(
    (at) => document.querySelector(at)?.textContent,
  );
  return [row, row === panel];
})()`;

interface KeyTold {
  readonly hot: { readonly strategy: string } | null;
  readonly items: readonly { readonly at: string; readonly from: string; readonly to: string; readonly why: object }[];
}

/**
 * Goal: who opens the page sees which key is fought for, that it is locked, since when and why; and afterwards that it is not any more.
 * Method: Chromium and the real system. Orders want one stock without a pause, and so does another program, which writes its row in the database.
 */
export const whenKeysAreContended = (system: () => TestSystem): void =>
  describe('when keys are contended', () => {
    let rival: pg.Client;
    let isOver = false;
    let load: Promise<unknown> = Promise.resolve();

    const { opened, close } = pagesOf(() => system().gatewayUrl);
    const placed = async (): Promise<number> => {
      const order = { ...SAMPLES[0]?.order, items: [{ sku: SKU, quantity: 1 }] };
      const headers = { prefer: 'wait=25', 'idempotency-key': randomUUID() };
      return (await system().api('POST', '/v1/orders', { body: order, headers })).status;
    };
    const told = async (): Promise<KeyTold> =>
      (await system().api('GET', `/v1/contention/keys/${SEL}`)).body as unknown as KeyTold;
    const begin = (): void => {
      const overtake = async (): Promise<void> => {
        while (!isOver) {
          await rival.query('UPDATE stock SET version = version + 1 WHERE sku = $1', [SKU]);
          await delay(RIVAL_PAUSE_MS);
        }
      };
      const order = async (): Promise<void> => {
        while (!isOver) expect([202, 503]).toContain(await placed());
      };
      load = Promise.all([overtake(), ...Array.from({ length: CLIENTS }, order)]);
    };
    const end = async (): Promise<void> => {
      isOver = true;
      await load;
    };
    const row = (page: Page) => page.getByRole('row', { name: new RegExp(`^inventory Stock ${SKU}`) });
    const inspector = (page: Page) => page.getByRole('complementary', { name: 'Inspector' });
    const panel = (page: Page) => page.getByRole('region', { name: `inventory Stock ${SKU}` });

    beforeAll(async () => {
      rival = new pg.Client({ connectionString: system().environment().databases.inventory });
      await rival.connect();
      const body = { name: 'Wanted by all', currency: 'EUR', price: 1_00, onHand: 1_000_000 };
      expect((await system().api('PUT', `/v1/products/${SKU}`, { body })).status).toBe(201);
      await waitUntil('the order service knows the product', async () => (await placed()) === 202);
    }, 60_000);
    afterAll(async () => {
      await end();
      await rival.end();
    }, 60_000);

    it(
      'while nothing conflicts the page says so, with the writes that it has counted',
      async () => {
        const seen = await opened('/contention');
        const { page } = seen;
        await page.getByRole('heading', { name: 'No conflict in 60 s' }).waitFor({ timeout: FORGOTTEN_MS });
        await page.getByText(/^[\d,]+ writes? w(as|ere) counted/).waitFor();
        expect(await page.title()).toBe('Contention · Backstep');
        expect(await faultsOf(page)).toEqual([]);
        await close(seen);
      },
      FORGOTTEN_MS + 30_000,
    );

    it('a stock that all want is shown as locked, with the reason that its service tells, and is found by keys alone', async () => {
      begin();
      await waitUntil('it is told as locked', async () => (await told()).hot?.strategy === 'locked');
      const seen = await opened('/contention');
      const { page } = seen;
      await row(page).getByText('▣ locked').waitFor();
      await page.keyboard.press('j');
      await page.waitForURL(`**/contention?sel=${SEL}`);
      await panel(page)
        .getByText(/locked since .* of 100 writes met a conflict \(\d+ were counted\), above 15 of 100/)
        .waitFor();
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('key-title');
      // List and panel are of one answer.
      expect(await page.evaluate(SINCE)).toEqual([expect.stringMatching(/^\d\d:/), true]);
      // Each line is a decision that the service tells.
      const [line = ''] = await panel(page)
        .getByRole('row', { name: /optimistic.*locked.*met a conflict/ })
        .allTextContents();
      const { items } = await told();
      expect(items.filter(({ at, to }) => to === 'locked' && line.includes(at.slice(11, 23)))).toHaveLength(1);
      // The same in the terminal.
      const { code, stdout } = await system().backstep('contention', '--key', SEL);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/optimistic +locked +.* of 100 writes met a conflict/)]);
      expect((await system().backstep('contention', '--key', SKU)).code).toBe(2);
      // Beside the list instead of below it, by the key of the inspector.
      await page.keyboard.press('i');
      await inspector(page)
        .getByText(/locked since/)
        .waitFor();
      expect(await panel(page).count()).toBe(1);
      await inspector(page).getByText('The same in the terminal').click();
      await inspector(page)
        .getByRole('code')
        .filter({ hasText: `npx backstep contention --key ${SEL}` })
        .waitFor();
      await page.keyboard.press('i');
      await inspector(page).waitFor({ state: 'detached' });
      await panel(page).waitFor();
      await page.keyboard.press('w');
      await page.waitForURL((url) => url.searchParams.get('window') === '30s');
      await page.getByText('The drawing as numbers').click();
      const twin = page.getByRole('region', { name: 'The drawing as numbers' });
      expect(await twin.getByRole('row').count()).toBe(1 + 6);
      await twin
        .getByText(/\d+ of \d+ \([\d.]+ of 100\)/)
        .first()
        .waitFor();
      await page.keyboard.press('Escape');
      await page.waitForURL((url) => !url.searchParams.has('sel'));
      await close(seen);
    }, 90_000);

    it('axe finds nothing on the page with a key that is fought for, nor with one that there is not, in light and dark, wide and narrow', async () => {
      /** With its row in the list and the drawing's numbers. */
      const chosen = (panelSays: (page: Page) => Locator) => async (page: Page) => {
        await panelSays(page).waitFor();
        await row(page).waitFor();
        await page.getByText('The drawing as numbers').click();
      };
      const found = await audit(system().gatewayUrl, [
        {
          path: `/contention?sel=${SEL}`,
          ready: chosen((page) => panel(page).getByRole('table')),
          then: {
            'the inspector': async (page) => {
              await page.keyboard.press('i');
              await inspector(page).getByRole('table').waitFor();
            },
            'without it': async (page) => {
              await page.keyboard.press('i');
              await inspector(page).waitFor({ state: 'detached' });
            },
          },
        },
        {
          path: '/contention?sel=inventory/Loaf/rye',
          ready: chosen((page) => page.getByRole('alert').getByText('inventory writes no rows of Loaf')),
        },
      ]);
      expect(found).toEqual([]);
    }, 120_000);

    it('once nobody wants it any more the decisions say that it is locked no longer, and why; its product leads to them', async () => {
      await end();
      const seen = await opened(`/products/${SKU}`);
      const { page } = seen;
      await page.getByRole('link', { name: 'Who wants it at the same time' }).click();
      await page.waitForURL(`**/contention?sel=${SEL}`);
      const first = panel(page).getByRole('row').nth(1);
      await first.getByText(/nobody wanted it for|another writer|is tried without locks|met a conflict/).waitFor();
      await waitUntil('it is let go', async () => (await told()).items[0]?.to === 'optimistic');
      await panel(page)
        .getByText(/none of the ten keys of its service/)
        .waitFor({ timeout: FORGOTTEN_MS });
      expect(await first.textContent()).toMatch(/locked.*optimistic/);
      await panel(page)
        .getByRole('link', { name: `The product ${SKU}` })
        .waitFor();
      await close(seen);
    }, 180_000);

    it('a service that does not answer is named, and what the others tell is shown', async () => {
      system().signal('order', 'SIGSTOP');
      const seen = await opened('/contention');
      const { page } = seen;
      try {
        await page.getByText('order did not answer: what is written there is missing').waitFor({ timeout: 40_000 });
        await page
          .getByRole('listitem')
          .filter({ hasText: /^inventory/ })
          .waitFor();
        expect(await faultsOf(page)).toEqual([]);
      } finally {
        system().signal('order', 'SIGCONT');
      }
      await page.getByText('order did not answer').waitFor({ state: 'detached', timeout: 40_000 });
      await close(seen);
    }, 120_000);
  });
