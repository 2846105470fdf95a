import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '@backstep/infrastructure';
import type { Browser, Page } from 'playwright-core';

/** What a page waits for longer has failed. */
const WAIT_MS = 60_000;
const VIEWPORT = { width: 1440, height: 900 };

interface Finder {
  findBrowser(): Promise<string | undefined>;
  readonly NO_BROWSER: string;
}

/** @returns why there is none, where there is none */
export async function launch(): Promise<Browser | string> {
  const file = pathToFileURL(join(ROOT, 'tools', 'browser.mjs')).href;
  const { findBrowser, NO_BROWSER } = (await import(file)) as Finder;
  const executablePath = await findBrowser();
  if (executablePath === undefined) return NO_BROWSER;
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath,
    // A container's root has no sandbox of Chromium's.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    // The bench ends it, after what uses it: else the signal would end the bench before the system is stopped.
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
  });
}

/**
 * Works with a page in a context of its own: nothing is cached.
 * @throws Error also when a script of the page has failed
 */
export async function inPage<T>(browser: Browser, base: string, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ baseURL: base, viewport: VIEWPORT });
  try {
    context.setDefaultTimeout(WAIT_MS);
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('pageerror', ({ message }) => wrong.push(message));
    page.on('crash', () => wrong.push('the page has crashed'));
    const done = await work(page);
    if (wrong.length > 0) throw new Error(`a page of the console has failed: ${wrong.join('; ')}`);
    return done;
  } finally {
    await context.close();
  }
}
