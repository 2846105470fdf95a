import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import pg from 'pg';
import { SAMPLES } from '../../demo/samples.js';
import type { OperableSaga } from '../../saga/operable-saga.js';
import type { TestSystem } from '../test-system.fixture.spec.js';
import { ASKED_OUT } from '../when-a-saga-is-stuck.chapter.spec.js';
import { audit } from './audit.fixture.spec.js';
import { pagesOf } from './browser.fixture.spec.js';

/** What has no name of its own is found by what it is. */
const sheet = (page: Page) => page.getByRole('dialog');

interface KafkaRecord {
  readonly topic: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Stuck {
  readonly orderId: string;
  readonly sagaId: string;
}

/**
 * Goal: who opens the sagas sees what waits for a person, tries a repair, sees the very commands, and confirms with a name and a reason; a second
 * operator is told what has moved; and what was done is listed. By keys alone too, and within the page's policy.
 * Method: the carrier refuses, and the provider refuses the refunds until a person makes them; the hour and a half in which they are asked for is
 * skipped in the saga's row.
 */
export const whenASagaIsRepaired = (system: () => TestSystem): void =>
  describe('when a saga is repaired in the console', () => {
    let orchestrator: pg.Pool;
    let stuck: readonly Stuck[] = [];
    const nth = (index: number): Stuck => stuck[index] ?? { orderId: '', sagaId: '' };

    const sagaNow = async (sagaId: string): Promise<OperableSaga> =>
      (await system().api('GET', `/v1/sagas/${sagaId}`)).body as unknown as OperableSaga;
    const sagaIn = (sagaId: string, state: string) =>
      waitUntil(`saga ${sagaId} is ${state}`, async () => (await sagaNow(sagaId)).state === state, 60_000);

    async function getStuck(): Promise<Stuck> {
      const order = SAMPLES[0]?.order;
      const shippingAddress = { ...order?.shippingAddress, country: 'AQ' };
      const body = { ...order, paymentMethod: 'pm_card_refundFails', shippingAddress };
      const placed = await system().api('POST', '/v1/orders', { body, headers: { 'idempotency-key': randomUUID() } });
      const orderId = String(placed.body['id']);
      const sagaId = await waitUntil('the refund is asked for', async () => {
        const { body: page } = await system().api('GET', `/v1/sagas?orderId=${orderId}`);
        const [found] = page['items'] as OperableSaga[];
        const saga = found && (await sagaNow(found.id));
        return saga?.awaiting?.direction === 'undo' && saga.id;
      });
      await orchestrator.query(ASKED_OUT, [sagaId, Date.now() - 1]);
      await sagaIn(sagaId, 'STUCK');
      return { orderId, sagaId };
    }

    /** What the provider's dashboard is for. */
    async function refundByHand({ orderId }: Stuck): Promise<void> {
      const { providerReference } = (await system().api('GET', `/v1/payment-intents/${orderId}`)).body;
      await fetch(`${system().environment().provider}/v1/refunds`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk_test_hand', 'content-type': 'application/x-www-form-urlencoded' },
        body: `payment_intent=${String(providerReference)}&metadata[by]=hand`,
      });
    }

    const { opened, close } = pagesOf(() => system().gatewayUrl);

    beforeAll(async () => {
      orchestrator = new pg.Pool({ connectionString: system().environment().databases['orchestrator'], max: 1 });
      stuck = await Promise.all([getStuck(), getStuck(), getStuck(), getStuck()]);
    }, 120_000);

    // The refunds are made, and whoever was not repaired by a spec is asked again: nothing is left that waits.
    afterAll(async () => {
      for (const one of stuck) {
        await refundByHand(one);
        const { state, version } = await sagaNow(one.sagaId);
        if (state === 'STUCK')
          await system().api('POST', `/v1/sagas/${one.sagaId}/retry`, {
            body: { reason: 'the spec is over' },
            headers: { 'if-match': `"v${version}"`, 'x-operator': 'spec' },
          });
        await sagaIn(one.sagaId, 'COMPENSATED');
      }
      await orchestrator.end();
    }, 120_000);

    it('sagas that wait for an operator are first, with their cause, attempts and legal actions alone', async () => {
      const seen = await opened('/sagas');
      const { page } = seen;
      await page.getByRole('row').nth(stuck.length).waitFor();
      const rows = await page.getByRole('row').allTextContents();
      for (const row of rows.slice(1, 1 + stuck.length)) {
        expect(row).toMatch(/STUCK.*compensation of charge-payment ×100.*RefundPayment was sent 100 times/);
        expect(row).toMatch(/retry.*skip.*abandon/);
        expect(row).not.toMatch(/compensate saga/);
      }
      expect(await page.title()).toBe(`(${stuck.length}) Sagas · Backstep`);
      await close(seen);
    });

    it('by keys alone: a stuck saga is found, inspected, tried and retried, and what is sent has the dry run’s ids', async () => {
      const { sagaId, orderId } = nth(0);
      const seen = await opened('/orders');
      const { page } = seen;
      await page.getByRole('row').nth(1).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('s');
      await page.getByRole('link', { name: sagaId }).waitFor();
      for (let row = 0; row < stuck.length && new URL(page.url()).searchParams.get('sel') !== sagaId; row += 1) {
        const before = page.url();
        await page.keyboard.press('j');
        await page.waitForURL((url) => url.href !== before);
      }
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: sagaId }).waitFor();
      await page.getByRole('row', { name: /charge-payment \(waited for\)/ }).waitFor();
      await page.keyboard.press('r');
      const item = sheet(page).getByRole('listitem').filter({ hasText: 'RefundPayment' });
      await item.waitFor();
      expect(await sheet(page).textContent()).toMatch(/STUCK.*to.*COMPENSATING/);
      const shown = /ce_id([0-9a-f-]{36})/.exec((await item.textContent()) ?? '')?.[1];
      expect((await sagaNow(sagaId)).operations).toEqual([]);
      // The button that goes on has the focus once the dry run is there.
      await sheet(page).getByRole('button', { name: 'Go on' }).and(page.locator(':focus')).waitFor();
      await page.keyboard.press('Enter');
      await sheet(page).getByRole('textbox', { name: 'Reason' }).and(page.locator(':focus')).waitFor();
      await page.keyboard.type('the provider is back, INC-42');
      await page.keyboard.press('Tab');
      await page.keyboard.type('ada');
      await page.keyboard.press('Enter');
      await sheet(page).getByText('Asked again. Nothing is mended until payment answers.').waitFor();
      const [done] = (await sagaNow(sagaId)).operations as unknown as {
        by: string;
        reason: string;
        commandIds: string[];
      }[];
      expect(done).toMatchObject({ by: 'ada', reason: 'the provider is back, INC-42', commandIds: [shown] });
      const record = await waitUntil('the command is in Kafka', async () => {
        const { body } = await system().api('GET', `/v1/orders/${orderId}/events`);
        return (body['items'] as KafkaRecord[]).find(({ headers }) => headers['ce_id'] === shown);
      });
      expect(record).toMatchObject({ topic: 'payment.commands', headers: { ce_type: 'RefundPayment' } });
      await close(seen);
    }, 60_000);

    it('a second operator is refused on the version that was seen, told what has moved, and shown a new dry run', async () => {
      const { sagaId } = nth(1);
      const [first, second] = [await opened(`/sagas/${sagaId}?do=retry`), await opened(`/sagas/${sagaId}?do=skip`)];
      await confirm(second.page, { name: 'grace', reason: 'refunded by hand', typed: sagaId.slice(-6) });
      await confirm(first.page, { name: 'ada', reason: 'INC-42' });
      await sheet(first.page)
        .getByRole('button', { name: /^Do it/ })
        .click();
      await sheet(first.page).getByText('Asked again.').waitFor();
      await sheet(second.page)
        .getByRole('button', { name: /^Do it/ })
        .click();
      const told = sheet(second.page).getByRole('alert');
      await told.getByText('ada did retry: INC-42').waitFor();
      expect(await told.textContent()).toMatch(/It was STUCK and is COMPENSATING/);
      // The new dry run is of the version that the refusal has told.
      await sheet(second.page)
        .getByText(/skip takes version \d+ from/)
        .waitFor();
      const { version, operations } = await sagaNow(sagaId);
      expect(operations.map(({ by }) => by)).toEqual(['ada']);
      expect(await sheet(second.page).textContent()).toContain(`skip takes version ${version} from`);
      await close(first);
      await close(second);
    }, 60_000);

    it('skip wants the end of the saga’s id typed, and nothing is sent without it', async () => {
      const { sagaId } = nth(2);
      const seen = await opened(`/sagas/${sagaId}?do=skip`);
      await confirm(seen.page, { name: 'ada', reason: 'INC-42', typed: 'nonsense' });
      const go = sheet(seen.page).getByRole('button', { name: /^Do it/ });
      expect(await go.isDisabled()).toBe(true);
      await sheet(seen.page).getByText('Still needed: the last 6 characters of the id.').waitFor();
      await sheet(seen.page)
        .getByRole('textbox', { name: /To go on/ })
        .fill(sagaId.slice(-6));
      expect(await go.isDisabled()).toBe(false);
      await seen.page.keyboard.press('Escape');
      await sheet(seen.page).waitFor({ state: 'detached' });
      expect((await sagaNow(sagaId)).operations).toEqual([]);
      await close(seen);
    });

    it('several sagas are chosen by keys, tried at once, and each is told what became of it', async () => {
      const [one, other] = [nth(2), nth(3)];
      const seen = await opened('/sagas?state=STUCK');
      const { page } = seen;
      await page.getByRole('row').nth(2).waitFor();
      for (const { sagaId } of [one, other])
        await page.getByRole('checkbox', { name: `Choose saga ${sagaId}` }).check();
      await page.getByRole('region', { name: 'Chosen sagas' }).getByRole('button', { name: 'retry 2' }).waitFor();
      await page.keyboard.press('r');
      await sheet(page).getByText('It can be done to 2 of 2.').waitFor();
      const first =
        (await sheet(page).getByRole('listitem').filter({ hasText: 'RefundPayment' }).first().textContent()) ?? '';
      await sheet(page).getByRole('button', { name: 'Go on with 2' }).click();
      const [firstId = ''] = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(first) ?? [];
      await fill(page, { name: 'ada', reason: 'INC-42, both', typed: firstId.slice(-6) });
      await sheet(page).getByRole('button', { name: 'Do it: retry 2' }).click();
      await sheet(page).getByText('Asked of 2 of 2. Nothing is mended until the services answer.').waitFor();
      for (const { sagaId } of [one, other])
        expect((await sagaNow(sagaId)).operations).toMatchObject([
          { action: 'retry', by: 'ada', reason: 'INC-42, both' },
        ]);
      await close(seen);
    }, 60_000);

    it('what operators did is listed, filtered by the address, and saved as it is seen', async () => {
      const seen = await opened('/operations');
      const { page } = seen;
      await page
        .getByRole('row', { name: /ada.*retry.*INC-42, both/ })
        .first()
        .waitFor();
      await page.getByRole('textbox', { name: 'To the order' }).fill(nth(0).orderId);
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/operations?orderId=${nth(0).orderId}`);
      await waitUntil('one row is left', async () => (await page.getByRole('row').count()) === 2);
      const row = await page.getByRole('row').nth(1).textContent();
      expect(row).toMatch(
        /ada.*retry.*compensation of charge-payment.*STUCK.*COMPENSATING.*the provider is back, INC-42/,
      );
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save these 1 as CSV' }).click(),
      ]);
      const saved = await readFile(await download.path(), 'utf8');
      expect(saved.split('\r\n')).toHaveLength(3);
      expect(saved).toContain('"the provider is back, INC-42"');
      const listed = await system().backstep('operations', '--order', nth(0).orderId);
      expect([listed.code, listed.stdout]).toEqual([0, expect.stringMatching(/ada +retry +saga/)]);
      await page.goto('/operations?by=nobody-of-this-name');
      await page.getByRole('heading', { name: 'Nobody did such a thing' }).waitFor();
      await close(seen);
    }, 60_000);

    it('a saga that there is not is said, with the next step', async () => {
      const seen = await opened(`/sagas/${randomUUID()}`);
      await seen.page.getByRole('alert').getByText('There is no such saga').waitFor();
      await close(seen);
    });

    it('axe finds nothing on the pages of repair, in light and dark, wide and narrow', async () => {
      const { sagaId } = nth(0);
      const found = await audit(system().gatewayUrl, [
        { path: '/sagas', ready: (page) => page.getByRole('row').nth(3).waitFor() },
        {
          path: '/sagas?state=ABANDONED',
          ready: (page) => page.getByRole('heading', { name: /^No saga is/ }).waitFor(),
        },
        { path: `/sagas/${sagaId}`, ready: (page) => page.getByRole('row', { name: /reserve-stock/ }).waitFor() },
        { path: `/sagas/${randomUUID()}`, ready: (page) => page.getByRole('alert').waitFor() },
        { path: '/operations', ready: (page) => page.getByRole('row').nth(2).waitFor() },
        {
          path: '/operations?by=nobody-here',
          ready: (page) => page.getByRole('heading', { name: /^Nobody/ }).waitFor(),
        },
        {
          path: `/sagas/${sagaId}?do=skip`,
          ready: (page) => page.getByRole('button', { name: 'Go on' }).waitFor(),
          then: { 'to be confirmed': (page) => confirm(page, { name: 'ada', reason: '', typed: '' }) },
        },
      ]);
      expect(found).toEqual([]);
    }, 180_000);
  });

interface Said {
  readonly name: string;
  readonly reason: string;
  readonly typed?: string;
}

/** From the dry run to the confirmation, and what is asked for there. */
async function confirm(page: Page, said: Said): Promise<void> {
  await sheet(page).getByRole('button', { name: 'Go on' }).click();
  await fill(page, said);
}

async function fill(page: Page, { name, reason, typed }: Said): Promise<void> {
  await sheet(page).getByRole('textbox', { name: 'Reason' }).fill(reason);
  await sheet(page).getByRole('textbox', { name: 'Your name' }).fill(name);
  if (typed !== undefined)
    await sheet(page)
      .getByRole('textbox', { name: /To go on/ })
      .fill(typed);
}
