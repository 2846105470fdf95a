import { setTimeout as delay } from 'node:timers/promises';
import { PartitionReader } from '@backstep/kafka';
import type { CDPSession, Page } from 'playwright-core';
import { percentile } from '../measure/percentiles.js';
import { MB } from '../measure/units.js';
import { atRate } from './at-rate.js';
import { inPage } from './browser.js';
import type { Bench, Part } from './bench.js';
import { EVENT_MS, NOTE_INTERACTIONS, NOTED_INTERACTIONS } from './page-scripts.js';
import { figure, type Row, unmeasured } from './rows.js';

/** An order is nine messages: some 500 messages a second. */
const ORDERS_PER_SECOND = 55.6;
const MESSAGES_PER_SECOND = 500;
const INTERACTIONS = 30;
/** As long as the other phases, so many times: growth shows slowly. */
export const FOLLOWED_TIMES = 6;
/** Until the page has as many rows as it keeps. */
const SETTLE_MS = 5_000;
/** So many times as long the interactions may take: then those are told that were made. */
const LATE_TIMES = 2;
/** What the page is asked beside. */
const ANSWER_WITHIN_MS = 30_000;

type Named = Pick<Row, 'what' | 'limit' | 'unit'>;

/** Somebody who uses the page, one step at a time. */
type Step = (page: Page) => Promise<void>;
const press =
  (key: string): Step =>
  (page) =>
    page.keyboard.press(key);
/** Rows move: what lies there is clicked, whichever it is. */
const clickIn =
  (role: 'table' | 'heading', name: string, yMax: number): Step =>
  async (page) => {
    const box = await page.getByRole(role, { name, exact: true }).first().boundingBox();
    if (!box) throw new Error(`${name} is not seen`);
    await page.mouse.click(box.x + Math.min(200, box.width / 2), box.y + Math.min(yMax, box.height / 2));
  };

interface Followed {
  readonly title: string;
  readonly path: string;
  /** Once it is seen, the page shows what comes. */
  readonly ready: Step;
  readonly steps: readonly Step[];
}

/** Page by page it is read what has come in Kafka, once a second. */
export const followMessages: Part = followed({
  title: 'Messages, followed',
  path: '/messages?follow=true',
  ready: (page) => page.getByRole('table', { name: 'Messages' }).getByRole('row').nth(1).waitFor(),
  steps: [
    press('j'),
    press('j'),
    clickIn('table', 'Messages', 200),
    press('k'),
    press('Escape'),
    press(' '),
    press(' '),
  ],
});

/** The page that is told the most: every message, order and saga, by the stream. */
export const followLive: Part = followed({
  title: 'Live',
  path: '/',
  ready: async (page) => {
    await page.getByText('● told as it happens').waitFor();
    await page.getByRole('region', { name: 'The last orders, over the services' }).getByRole('row').nth(1).waitFor();
  },
  steps: [press('j'), press('k'), clickIn('heading', 'Live', 10), press('Escape'), press(' '), press(' ')],
});

function followed({ title, path, ready, steps }: Followed): Part {
  const worst: Named = {
    what: `${title}, ${MESSAGES_PER_SECOND} messages/s: until an interaction shows, worst`,
    limit: 100,
    unit: ' ms',
  };
  const p95: Named = {
    what: `${title}, ${MESSAGES_PER_SECOND} messages/s: until an interaction shows, p95`,
    limit: 100,
    unit: ' ms',
  };
  const heap: Named = {
    what: `${title}, ${MESSAGES_PER_SECOND} messages/s: growth of the heap`,
    limit: 10,
    unit: ' MB',
  };
  return {
    about: `${title}, at ${MESSAGES_PER_SECOND} messages/s: ${INTERACTIONS} keys and clicks, and the heap`,
    inBrowser: [worst, p95, heap],
    async measure(bench) {
      const { browser, started, signal } = bench;
      if (!browser) return [];
      const { measured, rate } = await atRate(started, ORDERS_PER_SECOND, signal, () =>
        inPage(browser, started.system.gatewayUrl, async (page) => {
          await page.goto(path);
          await ready(page);
          return inTime(use(page, steps, bench), bench);
        }),
      );
      if (!measured) return unmeasured([worst, p95, heap], 'the page was too busy to answer');
      const { tooFew } = rate;
      const { seconds, perSecond, durations, grownMb } = measured;
      const how = (beside: string): string => tooFew ?? `${perSecond.toFixed(0)} messages/s; ${beside}`;
      const row = (named: Named, value: number, beside: string): Row => ({
        ...named,
        measured: tooFew === undefined ? figure(value) : null,
        how: how(beside),
      });
      const faster = durations.filter((ms) => ms === EVENT_MS).length;
      const beside = `${durations.length} interactions, ${faster} of them in ${EVENT_MS} ms or less`;
      return [
        row(worst, Math.max(...durations), beside),
        row(p95, percentile(durations, 0.95), beside),
        row(heap, grownMb, `in ${seconds.toFixed(0)} s, collected before and after`),
      ];
    },
  };
}

interface Used {
  readonly seconds: number;
  /** Messages that have come to Kafka. */
  readonly perSecond: number;
  readonly durations: readonly number[];
  readonly grownMb: number;
}

/** @returns undefined of a page that is too busy even to be asked */
async function inTime(using: Promise<Used>, { seconds, signal }: Bench): Promise<Used | undefined> {
  // It fails when its page is closed: nobody waits for it then.
  using.catch(() => undefined);
  const ms = 1_000 * seconds * FOLLOWED_TIMES * LATE_TIMES + SETTLE_MS + ANSWER_WITHIN_MS;
  return Promise.race([using, delay(ms, undefined, { signal, ref: false })]);
}

async function use(page: Page, steps: readonly Step[], { started, seconds, signal }: Bench): Promise<Used> {
  const { kafka, topics } = started.system.environment();
  const reader = new PartitionReader({ brokers: [...kafka.brokers], clientId: 'backstep-bench-console' });
  const session = await page.context().newCDPSession(page);
  try {
    await delay(SETTLE_MS, undefined, { signal });
    const heapBefore = await heapBytes(session);
    await page.evaluate(NOTE_INTERACTIONS);
    const before = await reader.countAll(topics);
    const began = performance.now();
    const everyMs = (1_000 * seconds * FOLLOWED_TIMES) / INTERACTIONS;
    const until = began + LATE_TIMES * everyMs * INTERACTIONS;
    let made = 0;
    // Each is waited for: a page that answers slowly is used less.
    while (made < INTERACTIONS && performance.now() < until) {
      await steps[made % steps.length]?.(page);
      made++;
      await delay(Math.max(0, began + made * everyMs - performance.now()), undefined, { signal });
    }
    const took = (performance.now() - began) / 1_000;
    const perSecond = ((await reader.countAll(topics)) - before) / took;
    const durations = allOf(await page.evaluate<readonly number[]>(NOTED_INTERACTIONS), made);
    const grownMb = ((await heapBytes(session)) - heapBefore) / MB;
    return { seconds: took, perSecond, durations, grownMb };
  } finally {
    await reader.disconnect();
  }
}

/**
 * With those of which the browser tells nothing, since they were shorter than it tells of.
 * @throws Error when it has told of none: then it was not looked at any
 */
export function allOf(told: readonly number[], interactions: number): readonly number[] {
  if (told.length === 0) throw new Error(`of ${interactions} interactions the browser has told of none`);
  const untold = Math.max(0, interactions - told.length);
  return [...told, ...Array.from({ length: untold }, () => EVENT_MS)];
}

/** Of the page, without the worker that all tabs share. */
async function heapBytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize;
}
