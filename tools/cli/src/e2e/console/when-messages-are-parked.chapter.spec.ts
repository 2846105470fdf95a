import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type WireMessage } from '@backstep/messages';
import { CATALOGUE, ReleaseStock, ReserveStock } from '@backstep/contracts';
import { KafkaPublisher } from '@backstep/kafka';
import { aMessage } from '@backstep/messages/testing';
import { waitUntil } from '@backstep/testing';
import pg from 'pg';
import type { Page } from 'playwright-core';
import type { TestSystem } from '../test-system.fixture.spec.js';
import { audit, faultsOf } from './audit.fixture.spec.js';
import { pagesOf } from './browser.fixture.spec.js';

interface Parked {
  readonly id: string;
  readonly key: string;
  readonly state: string;
  readonly version: number;
}

/**
 * Goal: an operator finds what cannot be handled and what waits behind it, sees what a replay or a discard would do, does it on what was seen,
 * for a reason, and what waited follows in order.
 * Method: a database that refuses the reservations of one order, and broken messages in a real topic.
 */
export const whenMessagesAreParked = (system: () => TestSystem): void =>
  describe('the page of parked messages', () => {
    const order = newId();
    let publisher: KafkaPublisher;
    let inventory: pg.Client;

    const items = [{ sku: 'teapot', quantity: 1 }];
    const reserve = (orderId: string): WireMessage => CATALOGUE.encode(aMessage(ReserveStock, { orderId, items }));
    const release = (orderId: string): WireMessage => CATALOGUE.encode(aMessage(ReleaseStock, { orderId, items }));
    const broken = (): WireMessage => ({ ...reserve(newId()), value: '{' });
    const parked = async (key: string): Promise<Parked[]> => {
      const { body } = await system().api('GET', `/v1/parked?service=inventory&key=${key}`);
      return body['items'] as Parked[];
    };
    const parkedOf = (key: string, count: number): Promise<Parked[]> =>
      waitUntil(`${count} messages of ${key} are parked`, async () => {
        const found = await parked(key);
        return found.length === count && found;
      });
    const refuse = () =>
      inventory.query(`
        CREATE FUNCTION lock_the_shelf() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF NEW.order_id = '${order}' THEN RAISE 'the shelf is locked'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER lock_the_shelf BEFORE INSERT ON reservation FOR EACH ROW EXECUTE FUNCTION lock_the_shelf();`);
    const allow = () => inventory.query('DROP FUNCTION IF EXISTS lock_the_shelf() CASCADE');
    const reservations = async (): Promise<unknown[]> =>
      (
        await inventory.query(
          'SELECT status, version::int, jsonb_array_length(items) AS lines FROM reservation WHERE order_id = $1',
          [order],
        )
      ).rows;
    const { opened, close } = pagesOf(() => system().gatewayUrl);
    const confirm = async (page: Page, { reason, end }: { reason: string; end?: string }): Promise<void> => {
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Go on' }).click();
      await dialog.getByLabel('Reason').fill(reason);
      await dialog.getByLabel('Your name').fill('ada');
      if (end !== undefined) await dialog.getByLabel(/To go on, type/).fill(end);
      await dialog.getByRole('button', { name: /^Do it/ }).click();
    };

    beforeAll(async () => {
      const { kafka, databases } = system().environment();
      publisher = new KafkaPublisher({ brokers: kafka.brokers, clientId: 'poisoner' });
      inventory = new pg.Client({ connectionString: databases.inventory });
      await inventory.connect();
    });
    afterAll(async () => {
      await allow();
      await inventory.end();
      await publisher.disconnect();
    });

    it('where nothing is parked, the page says so', async () => {
      const found = await audit(system().gatewayUrl, [
        {
          path: '/parked',
          ready: (page) => page.getByRole('heading', { name: 'Nothing is parked.' }).waitFor(),
        },
      ]);
      expect(found).toEqual([]);
    });

    it('a poisoned message shows its cause and what is held behind it; its dry run says that it would fail again', async () => {
      await refuse();
      await publisher.publish([reserve(order), release(order)]);
      await parkedOf(order, 2);
      const seen = await opened('/parked');
      const { page } = seen;
      await page.getByRole('heading', { name: /^handler_failed/ }).waitFor();
      await page.keyboard.press('j');
      const behind = page.getByRole('region', { name: 'Held behind ReserveStock' });
      await behind.getByRole('listitem').waitFor();
      expect(await behind.getByRole('listitem').allTextContents()).toEqual([expect.stringMatching(/^ReleaseStock /)]);
      await page.keyboard.press('r');
      const dialog = page.getByRole('dialog');
      await dialog.getByText(/It would fail again at inventory.*the shelf is locked/).waitFor();
      expect(await dialog.getByRole('button', { name: 'Go on' }).isDisabled()).toBe(true);
      expect(await parked(order)).toMatchObject([{ version: 1 }, { state: 'held' }]);
      await close(seen);
    }, 60_000);

    it('axe finds nothing on the page of parked messages and in its sheet, in light and dark, wide and narrow', async () => {
      const [{ id } = { id: '' }] = await parked(order);
      const found = await audit(system().gatewayUrl, [
        {
          path: `/parked?sel=${id}`,
          ready: (page) => page.getByRole('region', { name: 'Held behind ReserveStock' }).waitFor(),
          then: {
            'dry run': async (page) => {
              await page.keyboard.press('d');
              await page.getByRole('dialog').getByText('would never handle it').waitFor();
            },
            'to be confirmed': async (page) => {
              await page.getByRole('dialog').getByRole('button', { name: 'Go on' }).click();
              await page.getByRole('dialog').getByLabel('Reason').waitFor();
            },
          },
        },
      ]);
      expect(found).toEqual([]);
    }, 90_000);

    it('a dry run shows the rows and messages of a replay and leaves nothing; the replay is handled, then what was held, in order', async () => {
      await allow();
      const [{ id } = { id: '' }] = await parked(order);
      const seen = await opened(`/parked?sel=${id}&do=replay`);
      const { page } = seen;
      const dialog = page.getByRole('dialog');
      await dialog.getByText('inventory would handle it.').waitFor();
      await dialog.getByRole('row', { name: new RegExp(`^reservation ${order} none v1 HELD`) }).waitFor();
      await dialog.getByText('Sends StockReserved to inventory.events').waitFor();
      expect(await dialog.getByRole('list').last().getByRole('listitem').allTextContents()).toEqual([
        expect.stringMatching(/^ReleaseStock /),
      ]);
      expect([await reservations(), await parked(order)]).toMatchObject([[], [{ version: 1 }, { state: 'held' }]]);
      await confirm(page, { reason: 'the shelf is open again, INC-7' });
      await dialog.getByText('inventory has handled it: it is handled.').waitFor();
      await waitUntil('it was reserved, and then released', async () => {
        const [reservation] = await reservations();
        return (reservation as { status: string } | undefined)?.status === 'RELEASED';
      });
      expect(await reservations()).toEqual([{ status: 'RELEASED', version: 2, lines: 1 }]);
      expect(await parked(order)).toEqual([]);
      const { rows } = await inventory.query(
        'SELECT acted_by, reason, outcome FROM parked_operation WHERE message_id = $1',
        [id],
      );
      expect(rows).toEqual([{ acted_by: 'ada', reason: 'the shelf is open again, INC-7', outcome: 'handled' }]);
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      await page.getByRole('heading', { name: 'Nothing is parked.' }).waitFor();
      await close(seen);
    }, 60_000);

    it('a message that another operator has settled meanwhile is not settled again: it is told who has', async () => {
      const bad = broken();
      await publisher.publish([bad]);
      const [{ id } = { id: '' }] = await parkedOf(bad.key ?? '', 1);
      const seen = await opened(`/parked?sel=${id}&do=discard`);
      const dialog = seen.page.getByRole('dialog');
      await dialog.getByText('would never handle it').waitFor();
      const settled = await system().api('POST', `/v1/parked/${id}/discard`, {
        body: { reason: 'written by a test' },
        headers: { 'x-operator': 'bob', 'if-match': '"v1"' },
      });
      expect(settled.status).toBe(200);
      await confirm(seen.page, { reason: 'it is no JSON', end: id.slice(-6) });
      await dialog.getByText('bob has settled it: it is discarded.').waitFor();
      await dialog.getByText('Why: written by a test').waitFor();
      await close(seen);
    }, 60_000);

    it('several are chosen by keys, and each has an answer of its own', async () => {
      const all = [broken(), broken()];
      await publisher.publish(all);
      for (const { key } of all) await parkedOf(key ?? '', 1);
      const seen = await opened('/parked');
      const { page } = seen;
      await page.getByRole('heading', { name: /^bad_json/ }).waitFor();
      for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
      await page.getByText('2 chosen').waitFor();
      await page.keyboard.press('d');
      const dialog = page.getByRole('dialog', { name: 'Discard 2 messages' });
      await dialog.getByText('would never handle it').nth(1).waitFor();
      const typed = await dialog.getByRole('heading', { level: 3 }).last().getByRole('code').textContent();
      await confirm(page, { reason: 'thrown in by a spec', end: (typed ?? '').slice(-6) });
      await dialog.getByText('inventory will never handle it.').nth(1).waitFor();
      await close(seen);
    }, 60_000);

    it('what was done to a parked message leads to it, with what it says; an address whose list does not have it says where it is', async () => {
      const seen = await opened('/operations?action=discard');
      const { page } = seen;
      await page
        .getByRole('row', { name: /thrown in by a spec/ })
        .first()
        .getByRole('link', { name: /^…/ })
        .first()
        .click();
      await page.waitForURL(/\/parked\?service=inventory&state=discarded&sel=/);
      await page.getByText('What it says, 1 bytes').click();
      expect(await page.getByRole('region', { name: /^What the message says/ }).textContent()).toBe('{');
      const id = new URL(page.url()).searchParams.get('sel') ?? '';
      await page.goto(`/parked?sel=${id}`);
      await page.getByText('it is discarded at inventory').waitFor();
      await page.getByRole('link', { name: 'Show it there' }).click();
      await page.getByText('What it says, 1 bytes').waitFor();
      await page.goto(`/parked?sel=${newId()}`);
      await page.getByText('is parked no more: it was handled, or forgotten').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await close(seen);
    }, 60_000);

    it('a service that does not answer is named, and what the others have is shown', async () => {
      const bad = broken();
      await publisher.publish([bad]);
      const [{ id } = { id: '' }] = await parkedOf(bad.key ?? '', 1);
      system().signal('order', 'SIGSTOP');
      const seen = await opened('/parked');
      const { page } = seen;
      try {
        await page.getByText('order did not answer: what is parked there is missing').waitFor({ timeout: 40_000 });
        await page.getByRole('heading', { name: /^bad_json/ }).waitFor();
        expect(await faultsOf(page)).toEqual([]);
      } finally {
        system().signal('order', 'SIGCONT');
      }
      await page.getByText('order did not answer').waitFor({ state: 'detached', timeout: 40_000 });
      await close(seen);
      const { code } = await system().backstep('parked', 'discard', id, '--reason', 'thrown in by a spec');
      expect(code).toBe(0);
    }, 120_000);
  });
