import { percentile } from '../measure/percentiles.js';
import { inPage } from './browser.js';
import type { Bench, Part } from './bench.js';
import { gzipBytes } from './get.js';
import { LOADED, WHEN_USABLE, type Loaded } from './page-scripts.js';
import { figure, type Row } from './rows.js';

const LOADS = 5;
/** As `apps/console/budget.mjs` counts, which holds both parts to their sizes. */
const KILO = 1_000;
const SCRIPT = {
  what: 'first load of Orders: script, 190 kB of all pages and 35 of this one, gzip',
  limit: 225,
  unit: ' kB',
};
const STYLE = { what: 'first load of Orders: style, gzip', limit: 12, unit: ' kB' };
const PAINTED = { what: 'first load of Orders: the shell is painted', limit: 400, unit: ' ms' };
const USABLE = { what: 'first load of Orders: rows are painted', limit: 1_000, unit: ' ms' };

/** The list of orders in a browser that has never been here, again and again. */
export const firstLoad: Part = {
  about: `the list of orders in a browser with nothing cached, ${LOADS} times: bytes, and time until there are rows`,
  inBrowser: [SCRIPT, STYLE, PAINTED, USABLE],
  async measure({ browser, started, signal }) {
    if (!browser) return [];
    const loads: Loaded[] = [];
    for (let load = 0; load < LOADS; load++) {
      loads.push(
        await inPage(browser, started.system.gatewayUrl, async (page) => {
          await page.addInitScript({ content: WHEN_USABLE });
          await page.goto('/orders', { waitUntil: 'commit' });
          await page.getByRole('table', { name: 'Orders' }).getByRole('row').nth(1).waitFor();
          return page.evaluate<Loaded>(LOADED);
        }),
      );
    }
    const [first] = loads;
    if (!first) throw new Error('nothing was loaded');
    return [
      await bytesRow(SCRIPT, '.js', first, signal),
      await bytesRow(STYLE, '.css', first, signal),
      timeRow(
        PAINTED,
        loads.map(({ paintMs }) => paintMs ?? NaN),
      ),
      timeRow(
        USABLE,
        loads.map(({ usableMs }) => usableMs),
      ),
    ];
  },
};

/** The budget is in gzip; what the browser has asked for may be smaller. */
async function bytesRow(
  named: Pick<Row, 'what' | 'limit' | 'unit'>,
  ending: string,
  { files }: Loaded,
  signal: Bench['signal'],
): Promise<Row> {
  const wanted = files.filter(({ url }) => new URL(url).pathname.endsWith(ending));
  if (wanted.length === 0) throw new Error(`the page has loaded no ${ending}`);
  let size = 0;
  for (const { url } of wanted) size += await gzipBytes(new URL(url), signal);
  const sent = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    ...named,
    measured: figure(size / KILO),
    how: `${wanted.length} files; this browser was sent ${(sent / KILO).toFixed(1)} kB`,
  };
}

const timeRow = (named: Pick<Row, 'what' | 'limit' | 'unit'>, times: readonly number[]): Row => ({
  ...named,
  measured: figure(Math.max(...times)),
  how: `the slowest of ${times.length}; p50 ${percentile(times, 0.5).toFixed(0)} ms`,
});
