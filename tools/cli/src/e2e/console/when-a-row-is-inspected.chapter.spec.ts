import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CATALOGUE, ReserveStock } from '@backstep/contracts';
import { KafkaPublisher } from '@backstep/kafka';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { waitUntil } from '@backstep/testing';
import type { Locator, Page } from 'playwright-core';
import type { TestSystem } from '../test-system.fixture.spec.js';
import { audit } from './audit.fixture.spec.js';
import { axe, pagesOf } from './browser.fixture.spec.js';

const KEYS = {
  ...{ Live: 'l', Orders: 'o', Sagas: 's', Messages: 'm', 'Topics & groups': 't', Parked: 'p', Contention: 'c' },
  ...{ Products: 'd', Operations: 'r', Playground: 'y', Lab: 'h', API: 'a' },
};
const PATHS = [
  ...['/', '/orders', '/orders/compare', '/sagas', '/messages', '/topics', '/groups/backstep.payment', '/parked'],
  ...['/contention', '/products', '/operations', '/playground', '/lab'],
];
const LINKS = {
  ...{ '/': 'a[href^="/orders/"]', '/orders': 'a[href^="/orders/"]', '/sagas': 'a[href^="/sagas/"]' },
  ...{ '/products': 'a[href^="/products/"]', '/topics': 'a[href^="/groups/"]', '/parked': 'button' },
};
const ROW_PX = { compact: 28, comfortable: 36 };
/** More than are seen at once. */
const FAR = 60;

/**
 * Goal: what is selected in a list is shown beside it, on every page the same way, and never in the way of the list; rows are as high as a person
 * wants them; every page is reached by its link, by its key and by its name. Method: Chromium, the real system, as its chapters left it.
 */
export const whenARowIsInspected = (system: () => TestSystem): void =>
  describe('when a row is inspected', () => {
    const { opened, close } = pagesOf(() => system().gatewayUrl);
    const inspector = (page: Page): Locator => page.getByRole('complementary', { name: 'Inspector' });
    const toggle = (page: Page): Locator => page.getByRole('button', { name: 'Inspector', exact: true });
    const choose = async (page: Page, choice: string): Promise<void> => {
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('menuitemradio', { name: choice, exact: true }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
    };
    const row = (page: Page, at: number): Locator => page.getByRole('row').nth(at);
    /** The first row of what the page of this path lists: it links to the thing's own page. Topics have no rows of that kind. */
    const listed = (page: Page, path: keyof typeof LINKS): Locator =>
      page
        .getByRole('main')
        .getByRole('row')
        .filter({ has: page.locator(LINKS[path]) })
        .first();
    const heightOf = async (of: Locator): Promise<number | undefined> => (await of.boundingBox())?.height;

    describe('beside a list', () => {
      let publisher: KafkaPublisher;
      let parkedId = '';

      beforeAll(async () => {
        publisher = new KafkaPublisher({ brokers: system().environment().kafka.brokers, clientId: 'inspected' });
        const items = [{ sku: 'teapot', quantity: 1 }];
        const command = CATALOGUE.encode(aMessage(ReserveStock, { orderId: newId(), items }));
        await publisher.publish([{ ...command, value: '{' }]);
        parkedId = await waitUntil('a message is parked', async () => {
          const { body } = await system().api('GET', `/v1/parked?service=inventory&key=${command.key ?? ''}`);
          return (body['items'] as { id: string }[])[0]?.id;
        });
      }, 60_000);
      afterAll(async () => {
        await publisher.disconnect();
        await system().backstep('parked', 'discard', parkedId, '--reason', 'thrown in by a spec');
      });

      it('a key shows the order of the row beside the list, which keeps the keyboard; the next row is the next order', async () => {
        const seen = await opened('/orders');
        const { page } = seen;
        await row(page, 2).waitFor();
        expect(await inspector(page).count()).toBe(0);
        await page.keyboard.press('i');
        await inspector(page).getByText('Choose a row').waitFor();
        for (const at of [1, 2]) {
          await page.keyboard.press('j');
          const id = (await row(page, at).getByRole('link').textContent()) ?? '';
          await page.waitForURL(`**/orders?sel=${id}`);
          await inspector(page).getByRole('link', { name: id }).waitFor();
          const { body } = await system().api('GET', `/v1/orders/${id}`);
          const { status, saga } = body as { status: string; saga: { id: string; state: string } };
          await inspector(page).getByRole('definition').filter({ hasText: status }).first().waitFor();
          const link = inspector(page).getByRole('link', { name: `place-order …${saga.id.slice(-8)}` });
          expect(await link.getAttribute('href')).toBe(`/sagas/${saga.id}`);
          await inspector(page).getByText('The same in the terminal').click();
          await inspector(page)
            .getByRole('code')
            .filter({ hasText: `npx backstep order ${id}` })
            .waitFor();
        }
        await page.reload();
        await inspector(page).getByText('The same in the terminal').waitFor();
        await inspector(page).getByRole('link', { name: 'Its messages' }).click();
        await page.waitForURL('**/messages?key=*');
        await close(seen);
      }, 60_000);

      it.each([
        // A cell without a link: a link goes to the page at once.
        ['/sagas', 2, /^npx backstep saga [0-9a-f-]{36}$/, /^\/sagas\/[0-9a-f-]{36}$/],
        ['/products', 2, /^npx backstep products$/, /^\/products\/[\w-]+$/],
        ['/topics', 0, /^npx backstep groups \w+$/, /^\/groups\/backstep\.\w+$/],
        ['/', 2, /^npx backstep order [0-9a-f-]{36}$/, /^\/orders\/[0-9a-f-]{36}$/],
      ] as const)(
        'a click on a row of %s shows it, with the same in the terminal, and a link to its page',
        async (path, cell, command, own) => {
          const seen = await opened(path);
          const { page } = seen;
          await listed(page, path).waitFor();
          await toggle(page).click();
          await listed(page, path).getByRole('cell').nth(cell).click();
          await page.waitForURL((url) => url.pathname === path && url.searchParams.has('sel'));
          await inspector(page).getByText('The same in the terminal').click();
          await inspector(page).getByRole('code').filter({ hasText: command }).waitFor();
          const link = inspector(page).getByRole('link').first();
          expect(await link.getAttribute('href')).toMatch(own);
          await page.keyboard.press('Escape');
          await inspector(page).getByText('Choose a row').waitFor();
          await close(seen);
        },
        60_000,
      );

      it('a parked message is shown in the inspector, not in its row too, and is tried from there', async () => {
        const seen = await opened(`/parked?sel=${parkedId}`);
        const { page } = seen;
        await page.getByText('What it says, 1 bytes').waitFor();
        await page.keyboard.press('i');
        await inspector(page).getByText('What it says, 1 bytes').waitFor();
        expect(await page.getByText('What it says, 1 bytes').count()).toBe(1);
        await inspector(page)
          .getByRole('button', { name: /^Dry run: discard/ })
          .click();
        await page.waitForURL(/do=discard/);
        await page.getByRole('dialog').getByText('would never handle it').waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await page.keyboard.press('i');
        await inspector(page).waitFor({ state: 'detached' });
        await page.getByText('What it says, 1 bytes').waitFor();
        await close(seen);
      }, 60_000);

      it('where the window is narrow it is below the list, covers nothing, and gives the keyboard back when it is closed', async () => {
        const seen = await opened('/orders', { viewport: { width: 1_000, height: 800 } });
        const { page } = seen;
        await row(page, 2).waitFor();
        await page.keyboard.press('i');
        await page.keyboard.press('j');
        await inspector(page).getByText('The same in the terminal').waitFor();
        const [main, side] = await Promise.all([page.getByRole('main').boundingBox(), inspector(page).boundingBox()]);
        expect(main && side && main.y + main.height <= side.y + 1).toBe(true);
        expect(side && side.y + side.height).toBeLessThanOrEqual(800);
        expect(main?.height).toBeGreaterThan(300);
        await inspector(page).getByRole('button', { name: 'Close the inspector' }).click();
        await inspector(page).waitFor({ state: 'detached' });
        expect(await page.evaluate('document.activeElement.id')).toBe('inspector-button');
        await close(seen);
      });

      it('a panel that a page has of its own is its inspector: the same key puts it away, and brings it back', async () => {
        const seen = await opened('/messages');
        const { page } = seen;
        const panel = page.getByRole('complementary', { name: 'Selected message' });
        await panel.waitFor();
        expect(await page.getByRole('complementary').count()).toBe(1);
        await page.keyboard.press('i');
        await panel.waitFor({ state: 'detached' });
        await page.keyboard.press('i');
        await panel.waitFor();
        await page.goto('/operations');
        await page.getByRole('heading', { name: 'Operations' }).waitFor();
        expect(await toggle(page).isDisabled()).toBe(true);
        await close(seen);
      });

      it('a tab does not load the inspector before somebody wants it', async () => {
        const seen = await opened('/orders');
        const { page } = seen;
        await row(page, 1).waitFor();
        const loaded = (): Promise<number> =>
          page.evaluate<number>(
            "performance.getEntriesByType('resource').filter(({ name }) => /inspected-[^/]*js$/.test(name)).length",
          );
        expect(await loaded()).toBe(0);
        await page.keyboard.press('i');
        await inspector(page).getByText('Choose a row').waitFor();
        expect(await loaded()).toBe(1);
        await close(seen);
      });

      it('axe finds nothing with the inspector of each list, in light and dark, wide and narrow, in both densities', async () => {
        const next = async (page: Page): Promise<void> => {
          // One tab is led through all lists: what was chosen on one is chosen on the next.
          if ((await inspector(page).count()) === 0) await page.keyboard.press('i');
          await page.keyboard.press('j');
          await inspector(page).getByText('The same in the terminal').waitFor();
          await inspector(page).getByRole('term').first().waitFor();
        };
        const comfortable = { comfortable: (page: Page) => choose(page, 'comfortable') };
        const found = await audit(system().gatewayUrl, [
          {
            path: '/orders',
            ready: (page) => row(page, 2).waitFor(),
            then: { 'nothing selected': (page) => page.keyboard.press('i').then(() => inspector(page).waitFor()) },
          },
          ...(['/orders', '/sagas', '/products', '/topics', '/parked'] as const).map((path) => ({
            path,
            ready: async (page: Page) => {
              await listed(page, path).waitFor();
              await next(page);
            },
            then: comfortable,
          })),
        ]);
        expect(found).toEqual([]);
      }, 300_000);
    });

    it('rows are as high as the density that is chosen, at once and after a reload, and the selected one is in sight', async () => {
      const seen = await opened('/sagas');
      const { page } = seen;
      await row(page, 2).waitFor();
      expect(await heightOf(row(page, 1))).toBe(ROW_PX.compact);
      await choose(page, 'comfortable');
      await waitUntil('rows are higher', async () => (await heightOf(row(page, 1))) === ROW_PX.comfortable);
      await page.reload();
      await row(page, 2).waitFor();
      const [first, second] = await Promise.all([row(page, 1).boundingBox(), row(page, 2).boundingBox()]);
      expect((second?.y ?? 0) - (first?.y ?? 0)).toBe(ROW_PX.comfortable);
      for (let at = 0; at < FAR; at += 1) await page.keyboard.press('j');
      await waitUntil('it is in sight', async () => {
        // The address follows the keys a moment later.
        const link = page.getByRole('link', { name: new URL(page.url()).searchParams.get('sel') ?? '' });
        const [at, list] = await Promise.all([
          link.boundingBox({ timeout: 1_000 }),
          page.getByRole('region', { name: 'Sagas' }).boundingBox(),
        ]);
        return at && list && at.y >= list.y && at.y + at.height <= list.y + list.height;
      });
      // A table that is not virtual has the same.
      await page.goto('/products');
      await page.getByRole('row').nth(1).waitFor();
      expect(await heightOf(page.getByRole('row').nth(1))).toBeGreaterThanOrEqual(ROW_PX.comfortable);
      await choose(page, 'compact');
      await page.goto('/orders');
      await row(page, 1).waitFor();
      expect(await heightOf(row(page, 1))).toBe(ROW_PX.compact);
      await close(seen);
    }, 60_000);

    it('below 1,100 px the rail has icons, each with its word when it is pointed at, or reached by keys', async () => {
      const seen = await opened('/orders', { viewport: { width: 1_000, height: 800 } });
      const { page } = seen;
      const rail = page.getByRole('navigation', { name: 'Pages' });
      /** What runs in the page is text: its types are those of browsers. */
      const words = `[...document.querySelectorAll('nav[aria-label="Pages"] a span')]`;
      const clipOf = (title: string): Promise<string> =>
        page.evaluate<string>(`getComputedStyle(${words}.find((word) => word.textContent === '${title}')).clipPath`);
      await rail.getByRole('link', { name: 'Sagas' }).waitFor();
      await row(page, 1).waitFor();
      expect((await rail.boundingBox())?.width).toBe(48);
      expect(await clipOf('Sagas')).toBe('inset(50%)');
      await rail.getByRole('link', { name: 'Sagas' }).hover();
      await waitUntil('the word is shown', async () => (await clipOf('Sagas')) === 'none');
      expect(await axe(page)).toEqual([]);
      await rail.getByRole('link', { name: 'Sagas' }).focus();
      await page.keyboard.press('Tab');
      await waitUntil('the next word is shown', async () => (await clipOf('Messages')) === 'none');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/messages');
      await page.setViewportSize({ width: 1_440, height: 800 });
      await waitUntil('there is room for words', async () => (await rail.boundingBox())?.width === 168);
      expect(await clipOf('Parked')).toBe('none');
      await close(seen);
    });

    it('every page has a button that copies the link to it, as its key does', async () => {
      const seen = await opened('/orders', { permissions: ['clipboard-read', 'clipboard-write'] });
      const { page } = seen;
      const copied = async (): Promise<string> => {
        const link = await page.evaluate<string>('navigator.clipboard.readText()');
        return URL.canParse(link) ? new URL(link).pathname : link;
      };
      for (const path of PATHS) {
        await page.goto(path);
        const button = page.getByRole('main').getByRole('button', { name: 'Copy link', exact: true }).first();
        expect(await button.getAttribute('aria-keyshortcuts')).toBe('y');
        await button.click();
        await waitUntil(`the link to ${path} is copied`, async () => (await copied()) === path);
      }
      await close(seen);
    }, 60_000);

    it('every page of the rail is reached by its key, and by its name', async () => {
      const seen = await opened('/orders');
      const { page } = seen;
      const rail = page.getByRole('navigation', { name: 'Pages' });
      await rail.getByRole('link', { name: 'Lab' }).waitFor();
      const links = await rail
        .getByRole('link')
        .evaluateAll((all) => all.map((link) => [link.textContent, link.getAttribute('href')] as const));
      expect(links.map(([title]) => title)).toEqual(Object.keys(KEYS));
      for (const [title, href] of links) {
        const key = KEYS[title as keyof typeof KEYS];
        await page.keyboard.press('g');
        await page.keyboard.press(key);
        await page.waitForURL((url) => url.pathname === href);
        await page.goto('/orders/compare');
        await rail.getByRole('link', { name: 'Lab' }).waitFor();
        await page.keyboard.press('Control+k');
        await page
          .getByRole('dialog')
          .getByRole('textbox')
          .fill(title ?? '');
        await page.keyboard.press('Enter');
        await page.waitForURL((url) => url.pathname === href);
        await page.goto('/orders/compare');
        await rail.getByRole('link', { name: 'Lab' }).waitFor();
      }
      await close(seen);
    }, 120_000);
  });
