import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { CATALOGUE, ReserveStock, SERVICES } from '@backstep/contracts';
import { KafkaPublisher } from '@backstep/kafka';
import { aMessage } from '@backstep/messages/testing';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { SAMPLES } from '../../demo/samples.js';
import { ASKED_OUT } from '../when-a-saga-is-stuck.chapter.spec.js';
import { type Change, type Situation } from './situation.fixture.spec.js';

interface Saga {
  readonly id: string;
  readonly state: string;
  readonly awaiting: { readonly step: string; readonly direction: string } | null;
}
interface Parked {
  readonly id: string;
  readonly key: string;
  readonly state: string;
  readonly cause: string;
}

const STUCK_ACTIONS = ['retry', 'skip', 'abandon'] as const;
/** Stuck ones too, which are acted on by one request. */
const SEVERAL = ['one of several', 'another of several'] as const;
const ALL = [...STUCK_ACTIONS, 'compensate'] as const;
const AN_ORDER = { ...SAMPLES[0]?.order, items: [{ sku: 'chair-oak', quantity: 3 }] };
/** Its refund never succeeds, and its carrier refuses: the saga gets stuck on its way back. */
const DOOMED = {
  ...AN_ORDER,
  paymentMethod: 'pm_card_refundFails',
  shippingAddress: { ...SAMPLES[0]?.order.shippingAddress, country: 'AQ' },
};

/**
 * Goal: what operators do is answered as documented. Method: for each action on a saga one saga that allows it: stuck ones, and one whose
 * charge is not answered, as the payment provider is away. Messages are parked by a database that refuses them, or broken.
 */
export const operating = (situation: () => Situation): void => {
  const sagas = new Map<string, string>();
  let publisher: KafkaPublisher;

  const sagaWhen = (order: string, what: string, holds: (saga: Saga) => boolean): Promise<Saga> =>
    waitUntil(`the saga of ${order} is ${what}`, async () => {
      const { body } = await situation().ask('listSagas', { query: `orderId=${order}` });
      const [found] = (body as { items: Saga[] }).items;
      if (!found) return undefined;
      const saga = (await situation().ask('readSaga', { path: { sagaId: found.id } })).body as Saga;
      return holds(saga) && saga;
    });
  const place = async (json: unknown): Promise<string> =>
    (await situation().get<{ id: string }>('placeOrder 202 application/json', { json })).body.id;
  async function stuck(): Promise<string> {
    const order = await place(DOOMED);
    const { id } = await sagaWhen(order, 'refunding', ({ awaiting }) => awaiting?.direction === 'undo');
    await situation().sql('orchestrator', ASKED_OUT, [id, Date.now() - 1]);
    await sagaWhen(order, 'STUCK', ({ state }) => state === 'STUCK');
    return id;
  }
  /** Of its saga, as it is now. */
  const acting = async (action: string): Promise<Change> => {
    const path = { sagaId: sagas.get(action) ?? '' };
    const { etag } = await situation().get('readSaga 200 application/json', { path });
    return { path, headers: { 'if-match': etag } };
  };
  const parked = async (): Promise<Parked[]> =>
    (await situation().get<{ items: Parked[] }>('listParked 200 application/json')).body.items;

  describe('operating', () => {
    beforeAll(async () => {
      publisher = new KafkaPublisher({ brokers: situation().system.environment().kafka.brokers, clientId: 'poisoner' });
      await Promise.all([...STUCK_ACTIONS, ...SEVERAL].map(async (name) => sagas.set(name, await stuck())));
      await situation().system.kill('payment-provider', 'SIGKILL');
      const charging = await sagaWhen(
        await place(AN_ORDER),
        'charging',
        ({ awaiting }) => awaiting?.step === 'charge-payment',
      );
      sagas.set('compensate', charging.id);
    }, 120_000);
    // The chapters that follow charge payments.
    afterAll(async () => {
      await publisher?.disconnect();
      await situation().system.restart('payment-provider');
    }, 60_000);

    it('the contention of every service is told, of all of its instances together', async () => {
      const { services, unreachable } = (
        await situation().get<{ services: { status: string }[]; unreachable: string[] }>(
          'readContention 200 application/json',
        )
      ).body;
      expect([services.length, unreachable]).toEqual([SERVICES.length, []]);
    });

    it('a service and an entity that there is not are named', async () => {
      const here = situation();
      const detailOf = async (path: Record<string, string>): Promise<string> =>
        (await here.get<{ detail: string }>('readContentionKey 404 not-found', { path })).body.detail;
      expect(await detailOf({ service: 'bakery' })).toMatch(/^There is no service bakery; there are order, inventory/);
      expect(await detailOf({ entity: 'Loaf' })).toMatch(/^inventory writes no rows of Loaf; .*\bStock\b/);
    });

    it('a count below the reserved stock is refused', async () => {
      const change = { path: { sku: 'chair-oak' }, json: { delta: -1_000, reason: 'burnt' } };
      await situation().provoke([['adjustStock 409 conflict', change]]);
    });

    it.each(ALL)(
      'the action %s is refused for a saga that has moved on or ended, and without its version',
      async (action) => {
        const here = situation();
        const change = await acting(action);
        const ended = await here.get('readSaga 200 application/json');
        await here.provoke([
          [`${action}Saga 412 precondition-failed`, { ...change, headers: { 'if-match': '"v999"' } }],
          [`${action}Saga 428 precondition-required`, { ...change, headers: { 'if-match': undefined } }],
          [`${action}Saga 409 conflict`, { headers: { 'if-match': ended.etag } }],
        ]);
      },
    );

    it.each(ALL)('the action %s is 503 while another writer changes the saga all the time', async (action) => {
      const here = situation();
      const change = await acting(action);
      await here.whileRefused('orchestrator', ['saga_instance'], '40001', () =>
        here.provoke([[`${action}Saga 503 contended`, change]]),
      );
    });

    it.each(ALL)('the action %s is carried out once for a key, which no other action may use', async (action) => {
      const here = situation();
      const change = await acting(action);
      const keyed = { ...change, headers: { ...change.headers, 'idempotency-key': randomUUID() } };
      await here.provoke([[`${action}Saga 200 application/json`, keyed]]);
      const again = await here.ask(`${action}Saga`, keyed);
      expect(here.judge(`${action}Saga`, again)).toBe(`${action}Saga 200 application/json`);
      expect(again.headers['idempotency-replayed']).toBe('true');
      const other = { ...keyed, json: { reason: 'for another reason' } };
      await here.provoke([[`${action}Saga 422 idempotency-key-reused`, other]]);
    });

    it('an action on several sagas is answered for each, and is 503 while another writer changes all of them', async () => {
      const here = situation();
      // The ended one cannot be acted on: what is refused of one is in the answer, and is no refusal of the whole.
      const { body } = await here.get<Saga & { version: number }>('readSaga 200 application/json');
      const ended = { sagaId: body.id, ifMatch: `"v${body.version}"` };
      const json = { action: 'retry', reason: 'INC-42', targets: [ended, { sagaId: randomUUID(), ifMatch: '"v1"' }] };
      const { body: answer } = await here.get<{ items: { status: number }[] }>('operateSagas 200 application/json', {
        json,
      });
      expect(answer.items.map(({ status }) => status)).toEqual([409, 404]);
      const stuckOnes = await Promise.all(
        SEVERAL.map(async (name) => {
          const sagaId = sagas.get(name) ?? '';
          const { etag } = await here.get('readSaga 200 application/json', { path: { sagaId } });
          return { sagaId, ifMatch: etag };
        }),
      );
      const both = { json: { ...json, targets: stuckOnes } };
      await here.whileRefused('orchestrator', ['saga_instance'], '40001', () =>
        here.provoke([['operateSagas 503 contended', both]]),
      );
      const done = await here.get<{ items: { operation: { commands: object[] } | null }[] }>(
        'operateSagas 200 application/json',
        both,
      );
      expect(done.body.items.map(({ operation }) => operation?.commands.length)).toEqual([1, 1]);
    }, 120_000);

    it('parked messages are read, replayed, refused and discarded', async () => {
      const here = situation();
      const [order, another, contended] = [newId(), newId(), newId()];
      const wire = (orderId: string) =>
        CATALOGUE.encode(aMessage(ReserveStock, { orderId, items: [{ sku: 'teapot', quantity: 1 }] }));
      await here.whileRefused('inventory', ['reservation'], 'P0001', async () => {
        // The last one has the key of the broken one, and waits behind it.
        await publisher.publish([wire(order), wire(contended), { ...wire(another), value: '{' }, wire(another)]);
        await waitUntil('four messages are parked', async () => (await parked()).length === 4);
      });
      const all = await parked();
      const idWhere = (holds: (one: Parked) => boolean) => ({ path: { messageId: all.find(holds)?.id ?? '' } });
      const seen = (version: string | undefined) => ({ headers: { 'if-match': version } });
      const [bad, held] = [idWhere(({ cause }) => cause === 'bad_json'), idWhere(({ state }) => state === 'held')];
      const good = idWhere(({ key }) => key === order);
      await here.provoke([
        ['readParked 200 application/json', bad],
        ['replayParked 428 precondition-required', { ...bad, ...seen(undefined) }],
        ['discardParked 428 precondition-required', { ...bad, ...seen(undefined) }],
        ['replayParked 412 precondition-failed', { ...bad, ...seen('"v9"') }],
        ['discardParked 412 precondition-failed', { ...bad, ...seen('"v9"') }],
        ['discardParked 409 conflict', { ...held, ...seen('"v1"') }],
        ['replayParked 409 conflict', { ...bad, ...seen('"v1"') }],
      ]);
      await here.whileRefused('inventory', ['reservation'], '40001', () =>
        here.provoke([['replayParked 503 contended', { ...idWhere(({ key }) => key === contended), ...seen('"v1"') }]]),
      );
      // The replay that failed counts.
      for (const [action, change] of [
        ['replayParked', { ...good, headers: { 'if-match': '"v1"', 'idempotency-key': randomUUID() } }],
        ['discardParked', { ...bad, headers: { 'if-match': '"v2"', 'idempotency-key': randomUUID() } }],
      ] as const) {
        await here.provoke([[`${action} 200 application/json`, { ...change, query: 'dryRun=true' }]]);
        await here.provoke([[`${action} 200 application/json`, change]]);
        const again = await here.ask(action, change);
        expect(here.judge(action, again)).toBe(`${action} 200 application/json`);
        expect(again.headers['idempotency-replayed']).toBe('true');
        const other = { ...change, json: { reason: 'for another reason' } };
        await here.provoke([[`${action} 422 idempotency-key-reused`, other]]);
      }
      // It is handled, so there is none: who has seen it before is told who has settled it.
      const late = await here.get<{ settled: object }>('replayParked 412 precondition-failed', {
        ...good,
        ...seen('"v1"'),
      });
      expect(late.body.settled).toMatchObject({ outcome: 'handled' });
    });
  });
};
