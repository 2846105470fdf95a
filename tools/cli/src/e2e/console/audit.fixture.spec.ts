import type { Page } from 'playwright-core';
import { axe, newPage } from './browser.fixture.spec.js';

/** As wide as a desk has it, and as narrow as WCAG 1.4.10 has it. */
const WINDOWS = [
  { width: 1440, height: 900 },
  { width: 320, height: 900 },
] as const;
/** What a scheme changes is colours: all else is the same in both, and looked at once. */
const SCHEMES = [
  { colorScheme: 'light', coloursOnly: false },
  { colorScheme: 'dark', coloursOnly: true },
] as const;
/** What follows a change of the window is drawn: React's answer to it in the first frame, what that has moved in the second. */
const DRAWN = 'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))';

export interface Audited {
  readonly path: string;
  /** Resolves once the page shows what it is opened for. */
  readonly ready: (page: Page) => Promise<unknown>;
  /** What the page then becomes, by the step that leads there from the one before. */
  readonly then?: Readonly<Record<string, (page: Page) => Promise<unknown>>>;
}

/**
 * What is wrong with pages, a line each: what axe finds in light and dark, wide and narrow; what sticks out of the window; what the page's policy
 * forbids. Each is opened once: window and scheme change under it, as they do under a person. One tab is led from one to the next, and loads each
 * anew: a tab of its own would cost as much again.
 */
export async function audit(base: string, pages: readonly Audited[]): Promise<readonly string[]> {
  const found: string[] = [];
  const { page, wrong, close } = await newPage(base);
  // One that was left open would be counted, and seen, by specs that come later.
  try {
    for (const { path, ready, then = {} } of pages) {
      await page.goto(path);
      await ready(page);
      found.push(...(await faultsOf(page)).map((fault) => `${path} ${fault}`));
      for (const [state, step] of Object.entries(then)) {
        await step(page);
        found.push(...(await faultsOf(page)).map((fault) => `${path}, ${state}: ${fault}`));
      }
      found.push(...wrong.splice(0).map((one) => `${path} ${one}`));
    }
  } finally {
    await close();
  }
  return [...found, ...wrong];
}

/** The same of what a page shows now, without the rules that are `off`. The page is wide and light afterwards. */
export async function faultsOf(page: Page, off: readonly string[] = []): Promise<readonly string[]> {
  const found: string[] = [];
  for (const window of WINDOWS) {
    await page.setViewportSize(window);
    for (const { colorScheme, coloursOnly } of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(DRAWN);
      const faults = await axe(page, off, { coloursOnly });
      found.push(...faults.map((one) => `${window.width}, ${colorScheme}: ${one}`));
    }
    const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    if (wider > 0) found.push(`${window.width}: the page is ${wider} px wider than the window`);
  }
  await page.setViewportSize(WINDOWS[0]);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.evaluate(DRAWN);
  return found;
}
