import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ROOT } from '@backstep/infrastructure';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WAIT_MS = 15_000;
/** What runs in the page is text here: its types are those of browsers. */
const TELL_VIOLATIONS = `document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
  backstepViolation(violatedDirective + ': ' + blockedURI + ' ' + sample));`;
const STOP_ANIMATIONS = 'for (const animation of document.getAnimations()) animation.cancel()';
/** Guards hand the focus on, into a dialog or out of it: none keeps it. */
const GUARDS = '[data-base-ui-focus-guard]';

interface Finder {
  findBrowser(): Promise<string | undefined>;
  readonly NO_BROWSER: string;
}
const FINDER = pathToFileURL(join(ROOT, 'tools/browser.mjs')).href;
const { findBrowser, NO_BROWSER } = (await import(FINDER)) as Finder;

const path = await findBrowser();
if (path === undefined) process.stderr.write(`The specs of the console are skipped. ${NO_BROWSER}\n`);

/** Specs in a real browser; skipped where there is none, and with BACKSTEP_BROWSER=required failed. */
export const inBrowser = path === undefined ? describe.skip : describe;

let browser: Browser | undefined;

/** Starts it before the specs of this file, where there is one. */
export function shareBrowser(): void {
  beforeAll(async () => {
    if (path === undefined) return;
    const { chromium } = await import('playwright-core');
    // A container's root has no sandbox of Chromium's.
    browser = await chromium.launch({ executablePath: path, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  }, 60_000);
  afterAll(() => browser?.close());
}

export interface Seen {
  readonly page: Page;
  /** What went wrong in it: errors, and what its policy kept from happening. */
  readonly wrong: string[];
  /** Another tab of the same browser. What goes wrong in it is in `wrong` too. */
  anotherTab(): Promise<Page>;
  close(): Promise<void>;
}

/** A page in a context of its own: no other page's storage, colours or permissions. */
export async function newPage(base: string, options: BrowserContextOptions = {}): Promise<Seen> {
  if (!browser) throw new Error('there is no browser');
  const context = await browser.newContext({ baseURL: base, viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(WAIT_MS);
  const wrong: string[] = [];
  const tab = async (): Promise<Page> => {
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' && !isAnswer(message.text())) wrong.push(message.text());
    });
    page.on('pageerror', (error) => wrong.push(error.message));
    await page.exposeFunction('backstepViolation', (text: string) => wrong.push(text));
    await page.addInitScript({ content: TELL_VIOLATIONS });
    return page;
  };
  return { page: await tab(), wrong, anotherTab: tab, close: () => context.close() };
}

/** Pages of a gateway, whose address is known when the specs begin. One that is closed says what went wrong in it. */
export function pagesOf(gatewayUrl: () => string) {
  return {
    opened: async (path: string, options: BrowserContextOptions = {}): Promise<Seen> => {
      const seen = await newPage(gatewayUrl(), options);
      await seen.page.goto(path);
      return seen;
    },
    close: async ({ wrong, close }: Seen): Promise<void> => {
      await close();
      expect(wrong).toEqual([]);
    },
  };
}

/** Chromium logs answers of 400 and more as errors: they are what some specs provoke. */
const isAnswer = (text: string): boolean => text.startsWith('Failed to load resource: the server responded with');

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
  }[];
}

/** All rules of axe that depend on colours and are on by default. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds, a line each: WCAG 2.2 AA and the best practices, without those that are `off`.
 * @param coloursOnly what is asked once more of a page that has another scheme
 */
export async function axe(
  page: Page,
  off: readonly string[] = [],
  { coloursOnly = false }: { readonly coloursOnly?: boolean } = {},
): Promise<readonly string[]> {
  const options = {
    // Of what passes one element is kept, and no style sheet is asked for: no rule that is on needs them.
    resultTypes: ['violations'],
    preload: false,
    ...(coloursOnly && { runOnly: { type: 'rule', values: OF_COLOURS } }),
    rules: Object.fromEntries([
      ...(coloursOnly ? [] : [['target-size', { enabled: true }] as const]),
      ...off.map((rule) => [rule, { enabled: false }] as const),
    ]),
  };
  // Nothing is measured while it moves.
  await page.evaluate(STOP_ANIMATIONS);
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResult>(
    `axe.run({ exclude: ['${GUARDS}'] }, ${JSON.stringify(options)})`,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}
