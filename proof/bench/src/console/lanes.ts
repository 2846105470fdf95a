import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { percentile } from '../measure/percentiles.js';
import type { Bench, Part } from './bench.js';
import { inPage } from './browser.js';
import { get } from './get.js';
import { NOTE_LANE_FRAMES, NOTED_FRAMES, type Scrolled } from './page-scripts.js';
import { type KafkaRecord, revisedOrder } from './revised-order.js';
import { figure } from './rows.js';
import { turn } from './scroll.js';

const P50 = { what: 'panning lanes with 600 messages: a frame, p50', limit: null, unit: ' ms' };
const P95 = { what: 'panning lanes with 600 messages: a frame, p95', limit: 17, unit: ' ms' };
const MANY_P95 = { what: 'panning lanes with 1,000 messages: a frame, p95', limit: null, unit: ' ms' };
const MANY_NODES = {
  what: 'panning lanes with 1,000 messages: arrows and boxes in the document',
  limit: 600,
  unit: '',
};
/** Each about thirteen messages: more than an answer has. */
const REVISIONS = 80;
const MESSAGES = 600;
const NOTCH_PX = 240;
const QUIET_MS = 1_000;
/** What begins a saga. */
const BEGINNINGS: ReadonlySet<string | undefined> = new Set(['OrderPlaced', 'OrderRevisionRequested']);

/** An order that was revised often, with its sagas opened: the wheel turns sideways over its lanes, and each frame is timed. */
export const lanes: Part = {
  about: `the lanes of an order with ${MESSAGES} messages, and with all that an answer has, panned by wheel: frame times`,
  inBrowser: [P50, P95, MANY_P95, MANY_NODES],
  async measure(bench) {
    const { browser, started, signal } = bench;
    if (!browser) return [];
    const { gatewayUrl } = started.system;
    const id = await revisedOrder(gatewayUrl, REVISIONS, signal);
    const { body } = await get<{ readonly messages: readonly KafkaRecord[] }>(
      new URL(`/v1/orders/${id}/evidence`, gatewayUrl),
      signal,
    );
    const folds = body.messages
      .filter(({ headers }) => BEGINNINGS.has(headers['ce_type']))
      .map(({ topic, partition, offset }) => `g:${topic}/${partition}/${offset}`);
    const perSaga = body.messages.length / folds.length;
    const some = await panned(bench, id, folds.slice(-Math.ceil(MESSAGES / perSaga)));
    const all = await panned(bench, id, folds);
    return [
      { ...P50, measured: figure(percentile(some.frames, 0.5)), how: some.how },
      { ...P95, measured: figure(percentile(some.frames, 0.95)), how: some.how },
      { ...MANY_P95, measured: figure(percentile(all.frames, 0.95)), how: all.how },
      { ...MANY_NODES, measured: all.rowsMax, how: `the most at a time; ${all.how}` },
    ];
  },
};

type Panned = Scrolled & { readonly how: string };

/** @throws Error when nothing moves, or what was to be opened is not drawn */
async function panned(
  { browser, started, seconds, signal }: Bench,
  id: string,
  open: readonly string[],
): Promise<Panned> {
  if (!browser) throw new Error('there is no browser');
  return inPage(browser, started.system.gatewayUrl, async (page) => {
    const query = new URLSearchParams({ open: open.join(' ') }).toString();
    await page.goto(`/orders/${id}?${query}`);
    await drawn(page).first().waitFor({ state: 'attached' });
    await delay(QUIET_MS, undefined, { signal });
    await page.evaluate(NOTE_LANE_FRAMES);
    const lanes = page.getByRole('group', { name: 'The order, service by service' }).locator('..');
    await turn(page, lanes, { x: NOTCH_PX, y: 0 }, seconds * 1_000, signal);
    const scrolled = await page.evaluate<Scrolled>(NOTED_FRAMES);
    const { frames, px, rowsMax } = scrolled;
    if (px === 0 || frames.length === 0) throw new Error('the lanes did not move');
    const how = `${open.length} sagas opened, at most ${rowsMax} arrows and boxes; ${frames.length} frames over ${Math.round(px).toLocaleString('en')} px; the longest ${Math.max(...frames).toFixed(0)} ms`;
    return { ...scrolled, how };
  });
}

/** Messages that are drawn by themselves. */
const drawn = (page: Page) => page.getByRole('group', { name: /^Messages/ }).getByRole('button', { pressed: false });
