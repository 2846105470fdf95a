import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import type { TestSystem } from '../test-system.fixture.spec.js';
import { audit, faultsOf } from './audit.fixture.spec.js';
import { pagesOf, type Seen } from './browser.fixture.spec.js';

/**
 * Goal: who edits a product in the page loses nothing of what another has changed meanwhile, and overwrites nothing unseen.
 * Method: Chromium, the real system; the other is a program that uses the API.
 */
export const whenAProductIsEdited = (system: () => TestSystem): void =>
  describe('when a product is edited', () => {
    const { opened, close } = pagesOf(() => system().gatewayUrl);
    /** A product that nobody orders. */
    const aProduct = async (): Promise<string> => {
      const sku = `edited-${randomUUID().slice(0, 8)}`;
      const body = { name: 'Tea', currency: 'EUR', price: 950, onHand: 10 };
      expect((await system().api('PUT', `/v1/products/${sku}`, { body })).status).toBe(201);
      return sku;
    };
    const productOf = async (sku: string) => (await system().api('GET', `/v1/products/${sku}`)).body;
    const otherSets = async (sku: string, body: object): Promise<void> =>
      expect((await system().api('PATCH', `/v1/products/${sku}`, { body })).status).toBe(200);
    const edit = (page: Page) => page.getByRole('form', { name: 'Name and price' });
    const clashing = async (sku: string): Promise<Seen> => {
      const seen = await opened(`/products/${sku}`);
      const { page } = seen;
      await edit(page).getByLabel('Price', { exact: true }).fill('12.00');
      await edit(page).getByLabel('Name', { exact: true }).fill('Tea, mine');
      await otherSets(sku, { price: 1_100 });
      await edit(page).getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { name: 'Somebody has changed it meanwhile' }).waitFor();
      return seen;
    };

    it('the list of products shows their stock, and one is opened from there by keys', async () => {
      const seen = await opened('/products');
      const { page } = seen;
      await page.getByRole('row', { name: /globe-antique/ }).waitFor();
      await page.keyboard.press('j');
      await page.waitForURL(/sel=backpack/);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'backpack' }).waitFor();
      const { onHand, reserved, available } = await productOf('backpack');
      expect(await page.getByRole('img', { name: /on hand/ }).getAttribute('aria-label')).toBe(
        `${String(available)} available, ${String(reserved)} reserved, ${String(onHand)} on hand`,
      );
      await close(seen);
    });

    it('what two have changed in different fields is merged, and nobody is asked', async () => {
      const sku = await aProduct();
      const seen = await opened(`/products/${sku}`);
      const { page } = seen;
      await edit(page).getByLabel('Name', { exact: true }).fill('Tea, green');
      await otherSets(sku, { price: 1_100 });
      await edit(page).getByRole('button', { name: 'Save' }).click();
      await page.getByText('v3', { exact: true }).waitFor();
      expect(await productOf(sku)).toMatchObject({ name: 'Tea, green', price: 1_100, version: 3 });
      await close(seen);
    });

    it('what two have changed in one field is shown with its base, chosen by a person, and saved over the newer version', async () => {
      const sku = await aProduct();
      const seen = await clashing(sku);
      const { page } = seen;
      // Nothing was saved, and nothing is chosen for anybody.
      expect(await productOf(sku)).toMatchObject({ name: 'Tea', price: 1_100, version: 2 });
      const row = page.getByRole('row', { name: /^Price/ });
      expect(await row.textContent()).toMatch(/9\.50 EUR.*12\.00 EUR.*11\.00 EUR/);
      const save = page.getByRole('button', { name: 'Save the merged' });
      expect(await save.isDisabled()).toBe(true);
      await row.getByRole('radio', { name: /yours/ }).check();
      await save.click();
      await edit(page).waitFor();
      expect(await productOf(sku)).toMatchObject({ name: 'Tea, mine', price: 1_200, version: 3 });
      await close(seen);
    });

    it('who chooses theirs keeps the other’s price, and saves the rest', async () => {
      const sku = await aProduct();
      const seen = await clashing(sku);
      const { page } = seen;
      await page.getByRole('radio', { name: /Price, theirs/ }).check();
      await page.getByRole('button', { name: 'Save the merged' }).click();
      await edit(page).waitFor();
      expect(await productOf(sku)).toMatchObject({ name: 'Tea, mine', price: 1_100, version: 3 });
      await close(seen);
    });

    it('a third who comes while one chooses is not overwritten either', async () => {
      const sku = await aProduct();
      const seen = await clashing(sku);
      const { page } = seen;
      await page.getByRole('radio', { name: /Price, yours/ }).check();
      await otherSets(sku, { price: 1_300 });
      await page.getByRole('button', { name: 'Save the merged' }).click();
      await page.getByText('It is version 3 now').waitFor();
      expect(await productOf(sku)).toMatchObject({ name: 'Tea', price: 1_300 });
      await page.getByRole('radio', { name: /Price, yours/ }).check();
      await page.getByRole('button', { name: 'Save the merged' }).click();
      await edit(page).waitFor();
      expect(await productOf(sku)).toMatchObject({ name: 'Tea, mine', price: 1_200, version: 4 });
      await close(seen);
    });

    it('stock is adjusted with a reason, and what cannot be is told by its field', async () => {
      const sku = await aProduct();
      const seen = await opened(`/products/${sku}`);
      const { page } = seen;
      const adjust = page.getByRole('form', { name: 'Adjust the stock' });
      await adjust.getByLabel('So many more').fill('-4');
      await adjust.getByText('10 on hand becomes 6.').waitFor();
      await adjust.getByLabel('Reason').fill('broken');
      await adjust.getByRole('button', { name: 'Adjust' }).click();
      await page.getByRole('img', { name: '6 available, 0 reserved, 6 on hand' }).waitFor();
      await adjust.getByLabel('So many more').fill('-40');
      await adjust.getByLabel('Reason').fill('broken');
      await adjust.getByRole('button', { name: 'Adjust' }).click();
      await adjust.getByRole('alert').waitFor();
      expect(await productOf(sku)).toMatchObject({ onHand: 6 });
      await close(seen);
    });

    it('axe finds nothing on the pages of products, in light and dark, wide and narrow', async () => {
      const found = await audit(system().gatewayUrl, [
        { path: '/products', ready: (page) => page.getByRole('row', { name: /globe-antique/ }).waitFor() },
        { path: '/products/teapot', ready: (page) => edit(page).waitFor() },
        {
          path: '/products/no-such',
          ready: (page) => page.getByRole('alert').getByText('There is no such product').waitFor(),
        },
      ]);
      const clash = await clashing(await aProduct());
      expect([...found, ...(await faultsOf(clash.page))]).toEqual([]);
      await close(clash);
    }, 120_000);
  });
