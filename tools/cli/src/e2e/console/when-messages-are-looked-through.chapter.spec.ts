import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PARTITIONS } from '@backstep/contracts';
import { KafkaPublisher, partitionOf } from '@backstep/kafka';
import { newId } from '@backstep/messages';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { SAMPLES } from '../../demo/samples.js';
import type { TestSystem } from '../test-system.fixture.spec.js';
import { audit, faultsOf } from './audit.fixture.spec.js';
import { pagesOf } from './browser.fixture.spec.js';

/** An event of a type that nobody handles: services pass over it, and park nothing. */
const STRANGER = { topic: 'payment.events', headers: { ce_type: 'BreadBaked', note: 'a\u202eb' } };
const WHOLE_PAGE_MS = 60_000;

/**
 * Goal: who looks through Kafka's messages finds what is there, is told how far was looked, and hands on a link that shows the same; what a
 * stranger has written is shown as what it is; while Kafka is away the page says what still works.
 * Method: Chromium, the real system with its sample orders, one order more for each spec that follows.
 */
export const whenMessagesAreLookedThrough = (system: () => TestSystem, orders: () => readonly string[]): void =>
  describe('messages in Kafka', () => {
    let publisher: KafkaPublisher;
    beforeAll(() => {
      publisher = new KafkaPublisher({ brokers: system().environment().kafka.brokers, clientId: 'stranger' });
    });
    afterAll(() => publisher?.disconnect());

    const { opened, close } = pagesOf(() => system().gatewayUrl);
    const order = (): string => orders()[0] ?? '';
    const placeOrder = async (): Promise<string> => {
      const headers = { prefer: 'wait=25', 'idempotency-key': randomUUID() };
      return String((await system().api('POST', '/v1/orders', { body: SAMPLES[0]?.order, headers })).body['id']);
    };
    const look = async (page: Page, query: string): Promise<void> => {
      await page.getByRole('textbox', { name: 'What to look for' }).fill(query);
      await page.keyboard.press('Enter');
    };
    const rows = (page: Page) => page.getByRole('table', { name: 'Messages' }).getByRole('row');
    /** Once there are some. A message may be in Kafka twice: what is sent again has the same id. */
    const everyRowSays = (page: Page, ...words: readonly string[]) =>
      waitUntil(`every row says ${words.join(', ')}`, async () => {
        const [, ...texts] = await rows(page).allTextContents();
        return texts.length > 0 && texts.every((text) => words.every((word) => text.includes(word))) && texts;
      });
    /** Of the first order, which has messages in it. */
    const partition = (): number => partitionOf(order(), PARTITIONS);
    const complete = (page: Page) => page.getByRole('status').getByText('complete', { exact: true });
    const panel = (page: Page) => page.getByRole('complementary', { name: 'Selected message' });

    it('the messages of a key are found in every topic, filtered by type, header and text, and the address has the filters', async () => {
      const seen = await opened('/messages');
      const { page } = seen;
      await rows(page).nth(1).waitFor();
      await look(page, `key:${order()}`);
      await page.waitForURL(`**/messages?key=${order()}`);
      await page.getByText(/Looked at [\d,]+ of [\d,]+ records in 8 partitions: \d+ fit\./).waitFor();
      await complete(page).waitFor();
      await look(page, `key:${order()} type:*Charged`);
      await everyRowSays(page, 'PaymentCharged');
      const position = (await rows(page).nth(1).getByRole('link').textContent()) ?? '';
      await rows(page).nth(1).getByRole('link').click();
      const id = await panel(page)
        .locator('dt', { hasText: /^ce_id$/ })
        .locator('xpath=../dd')
        .textContent();
      await look(page, `header:ce_id=${id} topic:payment.events`);
      await everyRowSays(page, 'PaymentCharged', position.split('@')[0] ?? '');
      await look(page, `key:${order()} text:"no such text"`);
      await page.getByRole('heading', { name: 'No message fits' }).waitFor();
      await page.getByRole('button', { name: /no such text.*take it away/ }).click();
      await page.waitForURL(`**/messages?key=${order()}`);
      await rows(page).nth(5).waitFor();
      await close(seen);
    });

    it('what the query bar does not understand is named', async () => {
      const seen = await opened('/messages');
      const { page } = seen;
      await rows(page).nth(1).waitFor();
      await look(page, 'colour:red');
      await page.getByRole('alert').getByText('Not understood: colour:red').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await close(seen);
    });

    it('a page begins at a time, an offset, or where a group stands', async () => {
      const seen = await opened(`/messages?key=${order()}&topic=order.events`);
      const { page } = seen;
      await rows(page).nth(2).waitFor();
      await rows(page).last().getByRole('link').click();
      await panel(page).getByRole('link', { name: 'what came next' }).click();
      await page.waitForURL(/from=time:/);
      await rows(page).nth(1).waitFor();
      await page.goto(`/messages?topic=order.events&partition=${partition()}`);
      await rows(page).nth(1).waitFor();
      await page.getByRole('combobox', { name: 'From' }).selectOption('an offset');
      await page.getByRole('textbox', { name: 'an offset' }).fill('0');
      await page.getByRole('button', { name: 'Go there' }).click();
      await page.waitForURL(`**/messages?topic=order.events&partition=${partition()}&from=offset:0`);
      await rows(page)
        .nth(1)
        .getByRole('link', { name: `order.events/${partition()}@0` })
        .waitFor();
      await page.getByRole('combobox', { name: 'From' }).selectOption('where a group stands');
      await page.getByRole('combobox', { name: 'The group' }).selectOption('backstep.orchestrator');
      await page.getByRole('button', { name: 'Go there' }).click();
      await page.waitForURL(/from=group:backstep\.orchestrator/);
      await complete(page).waitFor();
      await close(seen);
    });

    it('a permalink is a position: another browser is shown the same, with its cause, what it caused, and who has read it', async () => {
      const first = await opened(`/messages?key=${order()}&type=ChargePayment`);
      await rows(first.page).nth(1).getByRole('link').click();
      await panel(first.page)
        .getByRole('link', { name: /^payment\.commands\// })
        .click();
      await first.page.waitForURL(/\/messages\/payment\.commands\/\d\/\d+$/);
      const second = await opened(first.page.url());
      const { page } = second;
      const article = page.getByRole('article', { name: 'Message' });
      await article.getByRole('heading', { name: 'ChargePayment' }).waitFor();
      await article.getByRole('link', { name: /^StockReserved inventory\.events/ }).waitFor();
      await article
        .getByRole('link', { name: /^PaymentCharged payment\.events/ })
        .first()
        .waitFor();
      await article.getByText(/backstep\.payment is past it, at \d+; in its inbox since/).waitFor();
      expect(await article.textContent()).not.toContain('pm_card');
      await article
        .getByRole('link', { name: /^PaymentCharged/ })
        .first()
        .click();
      await article.getByRole('heading', { name: 'PaymentCharged' }).waitFor();
      await page.goBack();
      await article.getByRole('heading', { name: 'ChargePayment' }).waitFor();
      await close(first);
      await close(second);
    });

    it('by keys alone: a row is chosen, opened, and left; the neighbours of a message are a key away', async () => {
      const seen = await opened(`/messages?topic=order.events&partition=${partition()}`);
      const { page } = seen;
      await rows(page).nth(1).waitFor();
      await page.keyboard.press('j');
      await page.waitForURL(/sel=m:order\.events\/\d\/\d+/);
      await panel(page).getByRole('heading', { level: 2 }).waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/messages\/order\.events\/\d\/\d+$/);
      const offset = Number(page.url().split('/').at(-1));
      // The address changes before the page is there to hear a key.
      await page.getByRole('article', { name: 'Message' }).waitFor();
      await page.keyboard.press('[');
      await page.waitForURL(`**/messages/order.events/${partition()}/${offset - 1}`);
      await page.keyboard.press('Escape');
      await page.waitForURL(/\/messages\?topic=order\.events/);
      await page.keyboard.press('g');
      await page.keyboard.press('t');
      await page.waitForURL('**/topics');
      await close(seen);
    });

    it('who follows sees what comes; held, what comes is counted, and shown when it is let go', async () => {
      const seen = await opened('/messages?type=OrderPlaced');
      const { page } = seen;
      await rows(page).nth(1).waitFor();
      await page.keyboard.press('f');
      await page.waitForURL(/follow=true/);
      const first = await placeOrder();
      await page.getByRole('cell', { name: first }).first().waitFor();
      await page.keyboard.press(' ');
      const second = await placeOrder();
      const release = page.getByRole('button', { name: /^Show [1-9]\d* new/ });
      await release.waitFor();
      expect(await page.getByRole('cell', { name: second }).count()).toBe(0);
      await release.click();
      await page.getByRole('cell', { name: second }).first().waitFor();
      expect(await page.getByRole('cell', { name: first }).count()).toBeGreaterThan(0);
      await close(seen);
    });

    it('what a stranger has written is shown as what it is', async () => {
      const key = newId();
      const values = ['no json \u0007', '{"<b>":"<script>alert(1)</script>"}'];
      await publisher.publish(values.map((value) => ({ ...STRANGER, key, value })));
      const seen = await opened(`/messages?key=${key}`);
      const { page } = seen;
      await page.getByText(/: 2 fit\./).waitFor();
      await rows(page).filter({ hasText: 'no json' }).getByRole('link').click();
      await panel(page).getByText('No JSON: a text').waitFor();
      expect(await panel(page).textContent()).toContain(String.raw`no json \u0007`);
      expect(await panel(page).textContent()).toContain(String.raw`a\u202eb`);
      await rows(page).filter({ hasText: 'script' }).getByRole('link').click();
      await panel(page).getByText('"<script>alert(1)</script>"').waitFor();
      await close(seen);
    });

    it('a position that is still to come is waited for, one that cannot be is said', async () => {
      const later = await opened('/messages/order.events/0/999999');
      await later.page.getByRole('heading', { name: 'No message is there' }).waitFor();
      await later.page.getByText(/is not written yet/).waitFor();
      await close(later);
      const wrong = await opened('/messages/bread.events/0/1');
      await wrong.page
        .getByRole('alert')
        .getByText(/This cannot be looked for/)
        .waitFor();
      await close(wrong);
    });

    it('topics have their ends, groups how far behind they are, and a number leads to what is next', async () => {
      const seen = await opened('/topics');
      const { page } = seen;
      const row = page
        .getByRole('table', { name: /^Messages that each group/ })
        .getByRole('row', { name: /backstep\.payment/ });
      await row.waitFor();
      expect(await row.textContent()).toContain('payment.commands');
      await page
        .getByRole('table', { name: /^Topics/ })
        .getByRole('rowheader', { name: 'order.events' })
        .waitFor();
      await row.getByRole('link', { name: 'backstep.payment' }).click();
      await page.waitForURL('**/groups/backstep.payment');
      await page.getByRole('heading', { name: 'backstep.payment' }).waitFor();
      await page.getByText('each member knows what it reads').waitFor();
      await page
        .getByRole('link', { name: /^from where it stands/ })
        .first()
        .click();
      await page.waitForURL(/from=group:backstep\.payment/);
      await close(seen);
      const unknown = await opened('/groups/backstep.bakery');
      await unknown.page.getByRole('heading', { name: 'No service has such a group' }).waitFor();
      await close(unknown);
    });

    it('axe finds nothing on the pages of Kafka, in light and dark, wide and narrow', async () => {
      const aMessage = (page: Page) => rows(page).getByRole('link').first().waitFor();
      const heading = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { name }).waitFor();
      const found = await audit(system().gatewayUrl, [
        { path: '/messages', ready: aMessage },
        {
          path: `/messages?key=${order()}&type=ChargePayment`,
          ready: async (page) => {
            await aMessage(page);
            await page.keyboard.press('j');
            await panel(page).getByRole('heading', { level: 2 }).waitFor();
          },
        },
        { path: '/messages?text=no+such+text&topic=order.events', ready: heading('No message fits') },
        {
          path: `/messages/order.events/${partition()}/0`,
          ready: (page) => page.getByRole('article').waitFor(),
        },
        { path: '/messages/order.events/0/999999', ready: heading('No message is there') },
        { path: '/topics', ready: (page) => page.getByRole('table').nth(1).waitFor() },
        { path: '/groups/backstep.orchestrator', ready: (page) => page.getByRole('table').waitFor() },
        { path: '/groups/backstep.bakery', ready: heading(/^No service/) },
      ]);
      expect(found).toEqual([]);
    }, 180_000);

    it('while Kafka is away the pages say so, and what still works', async () => {
      system().signal('kafka', 'SIGSTOP');
      try {
        const both = await Promise.all([opened('/messages'), opened('/topics')]);
        for (const seen of both) {
          await seen.page.getByRole('alert').getByText('Kafka does not answer.').waitFor({ timeout: WHOLE_PAGE_MS });
          await seen.page.getByText('What still works:').waitFor();
          expect(await faultsOf(seen.page)).toEqual([]);
          await close(seen);
        }
      } finally {
        system().signal('kafka', 'SIGCONT');
      }
      const seen = await opened('/topics');
      await seen.page.getByRole('table').nth(1).waitFor({ timeout: WHOLE_PAGE_MS });
      await close(seen);
    }, 240_000);
  });
