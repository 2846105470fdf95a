import { setTimeout as delay } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { percentile } from '../measure/percentiles.js';
import { inPage } from './browser.js';
import type { Part } from './bench.js';
import { longList, NOTE_FRAMES, NOTED_FRAMES, type Scrolled } from './page-scripts.js';
import { figure } from './rows.js';

const P50 = { what: 'scrolling through all orders: a frame, p50', limit: null, unit: ' ms' };
const P95 = { what: 'scrolling through all orders: a frame, p95', limit: 17, unit: ' ms' };
const NODES = { what: 'scrolling through all orders: rows in the document', limit: 60, unit: '' };
const LOADED_WITHIN_MS = 120_000;
const QUIET_MS = 1_000;
const NOTCH_PX = 240;
/** A wheel turns about as often as the screen is painted. */
const NOTCH_EVERY_MS = 16;
/** There so long, then back, and so on. */
const TURN_MS = 2_000;

/** The wheel turns over the whole list of orders, and each frame is timed. */
export const scroll: Part = {
  about: 'the list of all orders, scrolled by wheel: frame times, and rows in the document',
  inBrowser: [P50, P95, NODES],
  async measure({ browser, started, seconds, orders, signal }) {
    if (!browser) return [];
    return inPage(browser, started.system.gatewayUrl, async (page) => {
      await page.goto('/orders');
      await page.getByRole('table', { name: 'Orders' }).getByRole('row').nth(1).waitFor();
      const rows = await page.evaluate<number>(longList(orders, LOADED_WITHIN_MS));
      if (rows < orders) throw new Error(`the list has ${rows} rows, and ${orders} orders were placed`);
      await delay(QUIET_MS, undefined, { signal });
      await page.evaluate(NOTE_FRAMES);
      const list = page.getByRole('region', { name: 'Orders, newest first' });
      await turn(page, list, { x: 0, y: NOTCH_PX }, seconds * 1_000, signal);
      const { frames, rowsMax, px } = await page.evaluate<Scrolled>(NOTED_FRAMES);
      if (px === 0 || frames.length === 0) throw new Error('the list did not move');
      const how = `${rows.toLocaleString('en')} rows; ${frames.length} frames over ${Math.round(px).toLocaleString('en')} px; the longest ${Math.max(...frames).toFixed(0)} ms`;
      return [
        { ...P50, measured: figure(percentile(frames, 0.5)), how },
        { ...P95, measured: figure(percentile(frames, 0.95)), how },
        { ...NODES, measured: rowsMax, how: 'the most at a time, with the titles' },
      ];
    });
  },
};

/**
 * Turns the wheel over what scrolls, there and back.
 * @param notch how far it moves at a time
 */
export async function turn(
  page: Page,
  over: Locator,
  notch: { readonly x: number; readonly y: number },
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  const box = await over.boundingBox();
  if (!box) throw new Error('what is to be scrolled is not seen');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const began = performance.now();
  for (let passed = 0; passed < ms; passed = performance.now() - began) {
    const way = Math.floor(passed / TURN_MS) % 2 === 0 ? 1 : -1;
    await page.mouse.wheel(way * notch.x, way * notch.y);
    await delay(NOTCH_EVERY_MS, undefined, { signal });
  }
}
