import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from '@backstep/testing';
import type { Locator, Page } from 'playwright-core';
import { SAMPLES } from '../demo/samples.js';
import { audit, faultsOf } from './console/audit.fixture.spec.js';
import { LAB } from '../up/lab.js';
import { axe, inBrowser, pagesOf, shareBrowser } from './console/browser.fixture.spec.js';
import { whenManyTabsAreOpen } from './console/when-many-tabs-are-open.chapter.spec.js';
import { whenMessagesAreLookedThrough } from './console/when-messages-are-looked-through.chapter.spec.js';
import { whenAnOrdersLanesAreFolded } from './console/when-an-orders-lanes-are-folded.chapter.spec.js';
import { whenASagaIsRepaired } from './console/when-a-saga-is-repaired.chapter.spec.js';
import { whenARowIsInspected } from './console/when-a-row-is-inspected.chapter.spec.js';
import { whenAProductIsEdited } from './console/when-a-product-is-edited.chapter.spec.js';
import { whenOrdersArePlacedFromThePage } from './console/when-orders-are-placed-from-the-page.chapter.spec.js';
import { whenKeysAreContended } from './console/when-keys-are-contended.chapter.spec.js';
import { whenOrdersAreListed } from './console/when-orders-are-listed.chapter.spec.js';
import { whenOrdersAreCompared } from './console/when-orders-are-compared.chapter.spec.js';
import { whenTheLabBreaksThings } from './console/when-the-lab-breaks-things.chapter.spec.js';
import { whenTheLivePageIsWatched } from './console/when-the-live-page-is-watched.chapter.spec.js';
import { whenMessagesAreParked } from './console/when-messages-are-parked.chapter.spec.js';
import { startTestSystem, type TestSystem } from './test-system.fixture.spec.js';

/**
 * Goal: who opens the console finds an order, reads what happened to it, and can hand on what is seen as a link; by keys alone too, in light
 * and dark, whatever is wrong; and the page never does what its policy forbids.
 * Method: Chromium, the real gateway and services, the sample orders of `npm start`. With BACKSTEP_SHOTS=<folder>, pictures.
 */
const SCHEMES = ['light', 'dark'] as const;
const REFUSED_BY_CARRIER = 3;
/** Of a picture: twice as wide as a README shows it, and all lanes are in it. */
const PICTURE = { width: 1440, height: 900 };
const shots = process.env['BACKSTEP_SHOTS'];

let system: TestSystem;
/** The ids of the sample orders. */
const orders: string[] = [];

inBrowser('the console', () => {
  shareBrowser();

  beforeAll(async () => {
    system = await startTestSystem({ lab: LAB });
    for (const { order } of SAMPLES) {
      const headers = { prefer: 'wait=25', 'idempotency-key': randomUUID() };
      // The order service learns of the products a moment after they are listed.
      const id = await waitUntil('the order is accepted', async () => {
        const { status, body } = await system.api('POST', '/v1/orders', { body: order, headers });
        return status === 202 && String(body['id']);
      });
      orders.push(id);
    }
  }, 180_000);
  afterAll(() => system?.stop(), 30_000);

  const refused = (): string => orders[REFUSED_BY_CARRIER] ?? '';
  const { opened, close } = pagesOf(() => system.gatewayUrl);

  it('the list shows the orders, newest first, and one is opened from there', async () => {
    const seen = await opened('/orders');
    const { page } = seen;
    await page.getByRole('row').nth(SAMPLES.length).waitFor();
    expect(await page.title()).toBe('Orders · Backstep');
    const ids = await page.getByRole('row').getByRole('link').allTextContents();
    expect(ids).toEqual([...orders].reverse());
    await page.getByRole('link', { name: refused() }).click();
    await page.getByRole('heading', { name: refused() }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/orders/${refused()}`);
    await close(seen);
  });

  it('a filter is of the address: a link shows the same in another browser', async () => {
    const first = await opened('/orders');
    await first.page.getByRole('navigation', { name: 'Orders by state' }).getByText('REJECTED').click();
    await first.page.waitForURL('**/orders?status=REJECTED');
    const second = await opened(first.page.url());
    await second.page.getByRole('row').nth(3).waitFor();
    const rows = await second.page.getByRole('row').allTextContents();
    expect(rows.slice(1).every((row) => row.includes('REJECTED'))).toBe(true);
    await close(first);
    await close(second);
  });

  it('an order’s lanes show each message once, what was refused, and what was taken back for it', async () => {
    const seen = await opened(`/orders/${refused()}`);
    const { page } = seen;
    await page.getByRole('button', { name: /OrderRejected/ }).waitFor();
    const sentences = await messagesOf(page);
    expect(sentences).toHaveLength(13);
    expect(sentences[0]).toMatch(/^1\. order said: OrderPlaced/);
    const compensations = sentences.filter((sentence) => sentence.includes('compensation of'));
    expect(compensations.map((sentence) => /compensation of ([\w-]+)/.exec(sentence)?.[1])).toEqual([
      ...['charge-payment', 'charge-payment', 'reserve-stock', 'reserve-stock'],
    ]);
    expect(sentences.find((sentence) => sentence.includes('ShipmentRefused'))).toContain(
      'step create-shipment, refused',
    );
    await close(seen);
  });

  it('by keys alone: the order is found, a message is selected, and the table has the same selection', async () => {
    const seen = await opened('/orders');
    const { page } = seen;
    await page.getByRole('row').nth(SAMPLES.length).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('textbox', { name: /id of an order/ }).fill(` ${refused()}`);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /OrderRejected/ }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const selected = page.getByRole('button', { name: /^2\. /, pressed: true });
    await selected.waitFor();
    expect(new URL(page.url()).searchParams.get('sel')).toMatch(/^m:inventory\.commands\/\d\/\d+$/);
    await page.getByRole('link', { name: 'list' }).click();
    await page
      .getByRole('row', { name: /ReserveStock/ })
      .getByRole('button', { pressed: true })
      .waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('sel'));
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.waitForURL('**/orders');
    await close(seen);
  });

  it('an earlier moment leaves out what came later', async () => {
    const seen = await opened(`/orders/${refused()}`);
    const { page } = seen;
    await page.getByRole('button', { name: /OrderRejected/ }).waitFor();
    await page.keyboard.press(',');
    await page.getByRole('button', { name: /OrderRejected/ }).waitFor({ state: 'detached' });
    expect(await messagesOf(page)).toHaveLength(12);
    await page.keyboard.press('0');
    await page.getByRole('button', { name: /OrderRejected/ }).waitFor();
    await close(seen);
  });

  it('what there is not is said, with the next step', async () => {
    const nobody = randomUUID();
    const unknown = await opened(`/orders/${nobody}`);
    await unknown.page.getByRole('alert').getByText('There is no such order').waitFor();
    await unknown.page.getByRole('link', { name: 'To the orders' }).waitFor();
    await close(unknown);
    const empty = await opened('/orders?status=REVISING');
    await empty.page.getByRole('heading', { name: 'No order is REVISING' }).waitFor();
    await empty.page.getByRole('link', { name: 'Clear the filter' }).click();
    await empty.page.getByRole('row').nth(1).waitFor();
    await close(empty);
  });

  it('axe finds nothing on the pages of orders, in light and dark, wide and narrow', async () => {
    /** With a message that is selected. */
    const selected = (what: (page: Page) => Locator) => async (page: Page) => {
      await what(page).waitFor({ state: 'attached' });
      await page.keyboard.press('ArrowRight');
      await page.waitForURL((url) => url.searchParams.has('sel'));
    };
    const found = await audit(system.gatewayUrl, [
      { path: '/orders', ready: (page) => page.getByRole('link', { name: refused() }).waitFor() },
      { path: '/orders?status=REVISING', ready: (page) => page.getByRole('heading', { name: /^No order/ }).waitFor() },
      {
        path: `/orders/${refused()}`,
        ready: selected((page) => page.getByRole('button', { name: /OrderRejected/ })),
      },
      { path: `/orders/${refused()}?tab=list`, ready: selected((page) => page.getByRole('row').nth(13)) },
      { path: `/orders/${refused()}?tab=rows`, ready: (page) => page.getByText('payment_intent').first().waitFor() },
      { path: `/orders/${refused()}?tab=money`, ready: (page) => page.getByText(/add up to nothing/).waitFor() },
      { path: `/orders/${refused()}?tab=raw`, ready: (page) => page.getByRole('region').first().waitFor() },
      { path: `/orders/${randomUUID()}`, ready: (page) => page.getByRole('alert').waitFor() },
    ]);
    expect(found).toEqual([]);
  }, 180_000);

  it('what is wrong in dark alone is found, and what is wrong in any scheme, in either window', async () => {
    const seen = await opened('/orders?status=REVISING');
    await seen.page.getByRole('heading', { name: /^No order/ }).waitFor();
    await seen.page.evaluate(`{
      const text = Object.assign(document.createElement('p'), { textContent: 'Not to be read in the dark' });
      text.style.color = 'rgb(40, 45, 51)';
      document.querySelector('main').append(text, Object.assign(document.createElement('img'), { width: 24, height: 24 }));
    }`);
    const found = (await faultsOf(seen.page)).map((fault) => /^.*?: [\w-]+/.exec(fault)?.[0]);
    expect(found).toEqual([
      ...['1440, light: image-alt', '1440, dark: color-contrast'],
      ...['320, light: image-alt', '320, dark: color-contrast'],
    ]);
    await close(seen);
  });

  it('dialogs and menus break no policy, and axe finds nothing in them', async () => {
    const seen = await opened('/orders');
    const { page } = seen;
    await page.getByRole('row').nth(1).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('menuitemradio', { name: 'dark' }).click();
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(15, 20, 26)');
    // A menu that is open is part of no landmark.
    expect(await axe(page, ['region'])).toEqual([]);
    await page.reload();
    await page.getByRole('row').nth(1).waitFor();
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(15, 20, 26)');
    await close(seen);
  });

  it('while the order service is away the page says so, shows what it has, and goes on when it is back', async () => {
    const seen = await opened('/orders');
    const { page } = seen;
    await page.getByRole('row').nth(1).waitFor();
    system.signal('order', 'SIGSTOP');
    try {
      await page.getByText('order does not answer').waitFor({ timeout: 60_000 });
      expect(await page.getByRole('row').count()).toBeGreaterThan(1);
      expect(await faultsOf(page)).toEqual([]);
      // What is asked of it is answered with what is wrong, and can be asked again.
      await page.getByRole('navigation', { name: 'Orders by state' }).getByText('CONFIRMED').click();
      await page.getByRole('alert').waitFor({ timeout: 60_000 });
      expect(await faultsOf(page)).toEqual([]);
    } finally {
      system.signal('order', 'SIGCONT');
    }
    await page.getByText('order does not answer').waitFor({ state: 'detached', timeout: 60_000 });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('row').nth(1).waitFor();
    await close(seen);
  }, 180_000);

  // First: it looks for the sample orders among the newest, and chapters behind it place hundreds.
  whenOrdersAreCompared(
    () => system,
    () => ({ confirmed: orders[0] ?? '', refused: refused(), slow: orders.at(-1) ?? '' }),
  );
  whenOrdersAreListed(
    () => system,
    () => orders,
  );
  whenMessagesAreParked(() => system);

  (shots ? it : it.skip).each(SCHEMES)('pictures are taken, %s', async (colorScheme) => {
    const folder = shots ?? '';
    mkdirSync(folder, { recursive: true });
    const seen = await opened(`/orders/${refused()}`, { colorScheme, viewport: PICTURE });
    const { page } = seen;
    await page.locator('svg text', { hasText: 'ShipmentRefused' }).click();
    await page.getByText('live', { exact: true }).waitFor();
    await page.screenshot({ path: join(folder, `order-${colorScheme}.png`) });
    await page.goto('/orders');
    await page.getByRole('row').nth(SAMPLES.length).waitFor();
    await page.screenshot({ path: join(folder, `orders-${colorScheme}.png`) });
    await close(seen);
  });

  whenManyTabsAreOpen(() => system);
  whenMessagesAreLookedThrough(
    () => system,
    () => orders,
  );
  whenAnOrdersLanesAreFolded(() => system);
  whenASagaIsRepaired(() => system);
  whenTheLivePageIsWatched(() => system);
  whenAProductIsEdited(() => system);
  whenOrdersArePlacedFromThePage(() => system);
  whenKeysAreContended(() => system);
  whenARowIsInspected(() => system);
  whenTheLabBreaksThings(() => system);
});

/** The messages of the lanes, as they are spoken. */
async function messagesOf(page: Page): Promise<readonly string[]> {
  const group = page.getByRole('group', { name: /Messages/ });
  return group.getByRole('button').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
}
