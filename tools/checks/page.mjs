/**
 * `npm run check:page`: axe-core on `/docs` in a real browser, in light and dark mode, wide and at 420 px, as it opens and with
 * every form open; that the search and the forms work and nothing of the page breaks its own Content-Security-Policy; and that it can be read without JavaScript. With `--shots DIR`, pictures.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findBrowser } from '../browser.mjs';
import { check, gateway, gatewayAnswers } from './gateway.mjs';

const SCHEMES = ['light', 'dark'];
const WIDTHS = [1280, 420];
const HEIGHT = 900;
const ANSWER_WITHIN_MS = 5_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const shots = process.argv[process.argv.indexOf('--shots') + 1];

await check(async () => {
  await gatewayAnswers();
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: await findBrowser({ BACKSTEP_BROWSER: 'required', ...process.env }),
    args: ['--no-sandbox'],
  });
  try {
    const found = [];
    for (const colorScheme of SCHEMES)
      for (const width of WIDTHS) found.push(...(await look(browser, { colorScheme, width })));
    found.push(...(await withoutScript(browser)));
    for (const one of found) console.log(one);
    const what = `${gateway}/docs, ${SCHEMES.join(' and ')}, ${WIDTHS.join(' and ')} px`;
    console.log(found.length === 0 ? `✓ axe finds nothing: ${what}` : `✗ ${found.length} found: ${what}`);
    return found.length === 0;
  } finally {
    await browser.close();
  }
});

/** @returns what is wrong, a line each */
async function look(browser, { colorScheme, width }) {
  const how = `${colorScheme}, ${width} px`;
  const page = await browser.newPage({ colorScheme, viewport: { width, height: HEIGHT } });
  const found = [];
  // What its Content-Security-Policy keeps from running is told here, and nowhere else.
  page.on('console', (message) => message.type() === 'error' && found.push(`${how}: ${message.text()}`));
  page.on('pageerror', (error) => found.push(`${how}: ${error.message}`));
  await page.goto(`${gateway}/docs`);
  await shoot(page, `${colorScheme}-${width}`);
  found.push(...(await axe(page, how)));
  await openAll(page);
  found.push(...(await axe(page, `${how}, all open`)), ...(await usable(page, how)));
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wider > 0) found.push(`${how}: the page is ${wider} px wider than the window`);
  await page.close();
  return found;
}

/** Each form that asks this gateway. */
async function openAll(page) {
  await page.evaluate(() => {
    for (const button of document.querySelectorAll('button')) if (button.textContent === 'Try it') button.click();
  });
  await page.waitForFunction(
    () => document.querySelectorAll('form').length === document.querySelectorAll('[data-try]').length,
  );
}

/** The search leaves what it finds, and a form shows what is answered. */
async function usable(page, how) {
  const all = await page.locator('article:visible').count();
  await page.getByRole('searchbox').fill('stock on hand');
  const left = await page.locator('article:visible').count();
  await page.getByRole('searchbox').fill('');
  await page.locator('#live form button').dispatchEvent('click');
  const answer = page.locator('#live pre[role=status]');
  await answer
    .filter({ hasText: 'HTTP 200' })
    .waitFor({ timeout: ANSWER_WITHIN_MS })
    .catch(() => undefined);
  const answered = (await answer.textContent())?.includes('"status": "ok"');
  return [
    ...(left > 0 && left < all ? [] : [`${how}: the search leaves ${left} of ${all}`]),
    ...(answered ? [] : [`${how}: the form does not show the answer`]),
  ];
}

async function axe(page, how) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${how}: ${id} (${help}) at ${target.join(' ')}`),
  );
}

/** Each operation can be read, and nothing is offered that does nothing. */
async function withoutScript(browser) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: HEIGHT } });
  const page = await context.newPage();
  await page.goto(`${gateway}/docs`);
  await shoot(page, 'without-script');
  const shown = await page.locator('article h3').count();
  const idle = await page.locator('button:visible, input:visible').count();
  await context.close();
  return [
    ...(shown > 0 ? [] : ['without JavaScript: no operation is shown']),
    ...(idle === 0 ? [] : [`without JavaScript: ${idle} buttons and fields do nothing`]),
  ];
}

async function shoot(page, name) {
  if (!process.argv.includes('--shots')) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`) });
}
