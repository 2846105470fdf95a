import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SERVICES, type ServiceName } from '@backstep/contracts';
import { waitUntil } from '@backstep/testing';
import { type Change, idOf, type Situation } from './situation.fixture.spec.js';

/** Tables that no operation gets by without. */
const TABLES: Readonly<Partial<Record<ServiceName, readonly string[]>>> = {
  order: ['orders', 'customer', 'parked_message'],
  inventory: ['product', 'stock', 'setting', 'contention_report'],
  shipment: ['shipment'],
  payment: ['payment_intent', 'account', 'transfer'],
  orchestrator: ['saga_instance', 'saga_operation'],
};

/** Asks one service where it would ask all. */
const AT_ONE: Readonly<Record<string, Change>> = {
  readParked: { query: 'service=order' },
  replayParked: { query: 'service=order' },
  discardParked: { query: 'service=order' },
};
/** Held back by the service for longer than a gateway waits. */
const LONG: Readonly<Record<string, Change>> = { placeOrder: { headers: { prefer: 'wait=25' } } };

/** Goal: the faults of services reach clients as documented, each by all operations that document it. */
export const whenServicesFail = (situation: () => Situation): void =>
  describe('when services fail', () => {
    it('a change of a row that another writer changes all the time is 503 contended, and 503 overloaded for placing an order', async () => {
      const here = situation();
      await here.whileRefused('order', ['orders'], '40001', () => here.provoke([['placeOrder 503 overloaded', {}]]));
      const order = await here.get('readOrder 200 application/json');
      await here.whileRefused('order', ['orders'], '40001', () =>
        here.provoke([['cancelOrder 503 contended', { headers: { 'if-match': order.etag } }]]),
      );
      const customer = await here.get('readCustomer 200 application/json');
      await here.whileRefused('order', ['customer'], '40001', () =>
        here.provoke([
          ['putCustomer 503 contended', { headers: { 'if-match': customer.etag }, json: { name: 'Other' } }],
          ['patchCustomer 503 contended', { headers: { 'if-match': customer.etag }, json: { name: 'Other' } }],
        ]),
      );
      const intent = await here.get<{ readonly id: string }>('createPaymentIntent 201 application/json');
      const path = { paymentIntentId: intent.body.id };
      await here.whileRefused('payment', ['payment_intent'], '40001', () =>
        here.provoke([
          ['createPaymentIntent 503 contended', {}],
          ['patchPaymentIntent 503 contended', { path, headers: { 'if-match': intent.etag } }],
          ['chargePaymentIntent 503 contended', { path }],
          ['cancelPaymentIntent 503 contended', { path }],
        ]),
      );
      await here.provoke([['chargePaymentIntent 202 application/json', { path }]]);
      await waitUntil('the intent is charged', async () => {
        const { body } = await here.get<{ readonly status: string }>('readPaymentIntent 200 application/json', {
          path,
        });
        return body.status === 'CHARGED';
      });
      await here.whileRefused('payment', ['payment_intent'], '40001', () =>
        here.provoke([['refundPaymentIntent 503 contended', { path }]]),
      );
      const { etag } = await here.get('readProduct 200 application/json');
      await here.whileRefused('inventory', ['product', 'stock', 'setting'], '40001', () =>
        here.provoke([
          ['putProduct 503 contended', { headers: { 'if-match': etag } }],
          ['patchProduct 503 contended', {}],
          ['putSetting 503 contended', {}],
          ['adjustStock 503 contended', {}],
        ]),
      );
      const whileShipmentsAreRefused = (answer: string, version: string) =>
        here.whileRefused('shipment', ['shipment'], '40001', () =>
          here.provoke([[answer, { headers: { 'if-match': version } }]]),
        );
      await whileShipmentsAreRefused('handOverShipment 503 contended', '"v1"');
      await here.provoke([['handOverShipment 200 application/json', {}]]);
      await whileShipmentsAreRefused('deliverShipment 503 contended', '"v2"');
    });

    it('a bug, here a missing table, is 500 without Retry-After', async () => {
      const here = situation();
      const answers = here.answersOf('internal');
      expect(answers).not.toHaveLength(0);
      const tables = Object.entries(TABLES) as [ServiceName, readonly string[]][];
      const renamed = (from: string, to: string) =>
        Promise.all(
          tables.flatMap(([service, names]) =>
            names.map((name) => here.sql(service, `ALTER TABLE ${name}${from} RENAME TO ${name}${to}`)),
          ),
        );
      await renamed('', '_away');
      try {
        await here.provoke(answers.map((answer) => [answer, {}]));
      } finally {
        await renamed('_away', '');
      }
    });

    it('services and a Kafka that do not answer are 503: unavailable, or handler-timeout where the outcome is unknown', async () => {
      const here = situation();
      const all = [...SERVICES, 'kafka'];
      // What has started them cannot be stopped: these specs run in it.
      const control = join(here.system.dir, 'control.sock');
      renameSync(control, `${control}.away`);
      await waitUntil(
        'the connections of before are closed',
        async () => (await here.ask('listFaults')).status === 503,
      );
      for (const name of all) here.system.signal(name, 'SIGSTOP');
      try {
        await Promise.all([
          here.provoke(here.answersOf('unavailable').map((answer) => [answer, AT_ONE[idOf(answer)] ?? {}])),
          here.provoke(here.answersOf('handler-timeout').map((answer) => [answer, LONG[idOf(answer)] ?? {}])),
        ]);
      } finally {
        for (const name of all) here.system.signal(name, 'SIGCONT');
        renameSync(`${control}.away`, control);
      }
    }, 90_000);

    it('a gateway that drains is not ready', async () => {
      const here = situation();
      here.system.signal('gateway', 'SIGTERM');
      await waitUntil('readiness is 503', async () => {
        return here.judge('ready', await here.ask('ready')) === 'ready 503 application/json';
      });
    });
  });
