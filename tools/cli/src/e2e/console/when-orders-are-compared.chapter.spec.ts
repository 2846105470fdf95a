import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import type { TestSystem } from '../test-system.fixture.spec.js';
import { audit } from './audit.fixture.spec.js';
import { axe, pagesOf } from './browser.fixture.spec.js';

/**
 * Goal: why one order ended otherwise than another is read off one page; what happened to an order is shown moment by moment, played, and handed on
 * as files; and any id that is pasted opens what it is.
 * Method: Chromium, the real system, its sample orders: one that is confirmed, one that the carrier refuses, and one whose payment is answered late.
 */
export const whenOrdersAreCompared = (
  system: () => TestSystem,
  orders: () => { readonly confirmed: string; readonly refused: string; readonly slow: string },
): void =>
  describe('two orders', () => {
    const { opened, close } = pagesOf(() => system().gatewayUrl);
    const paste = async (page: Page, text: string): Promise<void> => {
      await page.keyboard.press('Control+k');
      await page.getByRole('textbox', { name: /id of an order/ }).fill(text);
      await page.keyboard.press('Enter');
    };
    const step = (page: Page, name: string | RegExp) =>
      page.getByRole('table', { name: /^Steps of both/ }).getByRole('row', { name });

    it('one is taken from the list, the other is pasted; what differs is marked, delays are deltas, and s swaps them', async () => {
      const { confirmed, refused } = orders();
      const seen = await opened(`/orders?sel=${confirmed}`);
      const { page } = seen;
      await page.getByRole('link', { name: confirmed }).waitFor();
      await page.keyboard.press('x');
      await page.waitForURL(`**/orders/compare?a=${confirmed}`);
      await page.getByRole('heading', { name: 'Which order is b?' }).waitFor();
      expect(await page.getByRole('list', { name: 'The newest orders' }).getByText(confirmed).count()).toBe(0);
      await paste(page, refused);
      await page.waitForURL(`**/orders/compare?a=${confirmed}&b=${refused}`);
      await step(page, /^create-shipment/).waitFor();
      expect(await step(page, /^reserve-stock/).textContent()).toMatch(/done.*done.*[+−±]\d/);
      expect(await step(page, /^create-shipment/).textContent()).toMatch(/done.*refused.*≠ outcome/);
      expect(await step(page, /^↩ compensation of charge-payment/).textContent()).toMatch(
        /not there.*taken back.*≠ only b/,
      );
      const facts = page.getByRole('table', { name: 'What the two orders are' });
      expect(await facts.getByRole('row', { name: /^State/ }).textContent()).toBe('StateCONFIRMEDREJECTED≠ differs');
      await page.keyboard.press('s');
      await page.waitForURL(`**/orders/compare?a=${refused}&b=${confirmed}`);
      await facts.getByRole('row', { name: 'State REJECTED CONFIRMED' }).waitFor();
      expect(await step(page, /^create-shipment/).textContent()).toMatch(/refused.*done.*≠ outcome/);
      await step(page, /^create-shipment/)
        .getByRole('link', { name: /refused/ })
        .click();
      await page.waitForURL(new RegExp(`/orders/${refused}\\?sel=m:shipment\\.events/`));
      await page.getByRole('button', { name: /ShipmentRefused/, pressed: true }).waitFor();
      await close(seen);
    });

    it('axe finds nothing on the page that compares, full, empty and wrong, and it fits its window', async () => {
      const { confirmed, refused } = orders();
      const found = await audit(system().gatewayUrl, [
        {
          path: `/orders/compare?a=${confirmed}&b=${refused}`,
          ready: (page) => step(page, /^create-shipment/).waitFor(),
        },
        {
          path: '/orders/compare',
          ready: (page) => page.getByRole('list', { name: 'The newest orders' }).getByText(refused).waitFor(),
        },
        {
          path: `/orders/compare?a=${confirmed}&b=${randomUUID()}`,
          ready: (page) => page.getByText('There is no order b').waitFor(),
        },
      ]);
      expect(found).toEqual([]);
    }, 180_000);

    it('an order is played from its first moment to its last; stopped, the address has the moment, and what is later is not there', async () => {
      // It waits for its provider: at a tenth of the speed, and with that pause as long as it was, it cannot end while this spec looks.
      const seen = await opened(`/orders/${orders().slow}?unfolded=true`);
      const { page } = seen;
      const messages = page.getByRole('group', { name: /Messages/ }).getByRole('button');
      const last = page.getByRole('button', { name: /OrderConfirmed/ });
      await last.waitFor();
      const all = await messages.count();
      await page.getByRole('img', { name: /The gateway answered 202 when the order was stored/ }).waitFor();
      await page.getByRole('combobox', { name: 'Speed' }).selectOption('×0.1');
      await page.getByRole('button', { name: 'Play' }).click();
      await last.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: /^2\. / }).waitFor();
      await page.getByRole('button', { name: 'Pause', exact: true }).click();
      await page.waitForURL(/[?&]at=\d+/);
      expect(await messages.count()).toBeLessThan(all);
      await page.getByText(/As of .* is left out here/).waitFor();
      await page.getByRole('combobox', { name: 'Speed' }).selectOption('×10');
      await page.getByRole('button', { name: 'Play' }).click();
      await page.waitForURL((url) => !url.searchParams.has('at'));
      await last.waitFor();
      await close(seen);
    });

    it('an order is handed on as a picture, as JSON and as a report, and its dialogs break no policy', async () => {
      const { refused } = orders();
      const seen = await opened(`/orders/${refused}`);
      const { page } = seen;
      await page.getByRole('button', { name: /OrderRejected/ }).waitFor();
      const saved = async (item: RegExp): Promise<{ readonly name: string; readonly text: string }> => {
        await page.getByRole('button', { name: 'Export' }).click();
        const [file] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('menuitem', { name: item }).click(),
        ]);
        return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
      };
      const picture = await saved(/SVG/);
      expect(picture.name).toBe(`order-${refused}.svg`);
      expect(picture.text).toMatch(/^<svg xmlns=.*ShipmentRefused/s);
      const evidence = JSON.parse((await saved(/JSON/)).text) as { orderId: string; messages: unknown[] };
      expect(evidence.orderId).toBe(refused);
      expect(evidence.messages.length).toBeGreaterThanOrEqual(13);
      const report = await saved(/Report of an incident/);
      expect(report.text).toContain(`# Order \`${refused}\`: REJECTED`);
      expect(report.text).toMatch(/\| ✕ ShipmentRefused \(refused\) \| shipment → orchestrator \| create-shipment \|/);
      await close(seen);
    });

    it('an id that is pasted opens what it is: a saga, a message, a product; and one that is of nothing says where was looked', async () => {
      const { refused } = orders();
      const { body } = await system().api('GET', `/v1/sagas?orderId=${refused}`);
      const [saga] = body['items'] as { id: string }[];
      const events = await system().api('GET', `/v1/orders/${refused}/events`);
      const message = (events.body['items'] as { topic: string; headers: Record<string, string> }[]).find(
        ({ headers }) => headers['ce_type'] === 'ShipmentRefused',
      );
      const seen = await opened('/topics');
      const { page } = seen;
      await page.getByRole('table').nth(1).waitFor();
      await paste(page, ` ${saga?.id ?? ''} `);
      await page.waitForURL(`**/sagas/${saga?.id ?? ''}`);
      await paste(page, message?.headers['ce_id'] ?? '');
      await page.waitForURL(/\/messages\/shipment\.events\/\d\/\d+$/);
      await paste(page, 'teapot');
      await page.waitForURL('**/products/teapot');
      await paste(page, randomUUID());
      const dialog = page.getByRole('dialog');
      await dialog
        .getByText(/^There is no such order, saga, parked message, message \(among .*\) or product\./)
        .waitFor();
      expect(await axe(page)).toEqual([]);
      await close(seen);
    });

    it('a browser that says it has no network goes on asking the gateway; keys that are turned off do nothing, and no button names one', async () => {
      const { refused } = orders();
      const seen = await opened('/orders');
      const { page } = seen;
      await page.getByRole('link', { name: refused }).waitFor();
      const compare = page.getByRole('button', { name: 'Compare two' });
      expect(await compare.getAttribute('aria-keyshortcuts')).toBe('x');
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('group', { name: 'Keys without Ctrl' }).getByRole('menuitemradio', { name: 'off' }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
      expect(await compare.getAttribute('aria-keyshortcuts')).toBeNull();
      await page.keyboard.press('x');
      expect(new URL(page.url()).pathname).toBe('/orders');
      await page.evaluate("window.dispatchEvent(new Event('offline'))");
      await page.getByRole('link', { name: refused }).click();
      await page.getByRole('button', { name: /OrderRejected/ }).waitFor();
      await close(seen);
    });
  });
