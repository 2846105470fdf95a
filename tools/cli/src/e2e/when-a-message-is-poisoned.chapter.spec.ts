import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { CATALOGUE, ReserveStock } from '@backstep/contracts';
import { KafkaPublisher } from '@backstep/kafka';
import { aMessage } from '@backstep/messages/testing';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { SAMPLES } from '../demo/samples.js';
import { system } from './shared-system.fixture.spec.js';

/**
 * Goal: what cannot be handled is parked with its cause, while everything else flows; an operator sees it and settles it.
 * Method: broken messages thrown into a real topic, between orders; the public API and the CLI.
 */
let publisher: KafkaPublisher;

interface Parked {
  readonly id: string;
  readonly state: string;
  readonly cause: string;
  readonly topic: string;
  readonly key: string;
}

const parked = async (): Promise<Parked[]> => (await system.api('GET', '/v1/parked')).body['items'] as Parked[];

const wire = () => {
  const orderId = newId();
  return CATALOGUE.encode(aMessage(ReserveStock, { orderId, items: [{ sku: 'teapot', quantity: 1 }] }));
};

export const whenAMessageIsPoisoned = (): void =>
  describe('broken messages in a topic', () => {
    beforeAll(() => {
      publisher = new KafkaPublisher({ brokers: system.environment().kafka.brokers, clientId: 'poisoner' });
    });

    afterAll(() => publisher?.disconnect());

    it('broken messages are parked, each with its cause, and orders go on', async () => {
      const unknown = wire();
      await publisher.publish([
        { ...wire(), value: '{"orderId":' },
        { ...unknown, headers: { ...unknown.headers, ce_type: 'EatStock' } },
        { ...wire(), headers: {} },
      ]);
      const found = await waitUntil('three messages are parked', async () => {
        const items = await parked();
        return items.length === 3 && items;
      });
      expect(found.map(({ cause }) => cause).sort()).toEqual(['bad_json', 'not_cloudevents', 'unknown_type']);
      expect(found.map(({ topic, state }) => `${topic} ${state}`)).toEqual(
        Array<string>(3).fill('inventory.commands poisoned'),
      );

      const options = { body: SAMPLES[0]?.order, headers: { 'idempotency-key': randomUUID() } };
      const placed = await waitUntil('an order is accepted', async () => {
        const answer = await system.api('POST', '/v1/orders', options);
        return answer.status === 202 && answer.body;
      });
      await waitUntil('the order is confirmed', async () => {
        const { body } = await system.api('GET', `/v1/orders/${String(placed['id'])}`);
        return body['status'] === 'CONFIRMED';
      });
    }, 120_000);

    it('broken messages stay parked when a replay fails, until an operator discards them', async () => {
      const [first, ...others] = await parked();
      const settle = (id: string, action: string) =>
        system.api('POST', `/v1/parked/${id}/${action}`, {
          body: { reason: 'thrown in by a spec' },
          headers: { 'x-operator': 'ada', 'if-match': '"v1"' },
        });
      const replayed = await settle(String(first?.id), 'replay');
      expect(replayed).toMatchObject({ status: 409, body: { type: 'urn:backstep:problem:conflict' } });
      // The replay counts: who has seen the message before it does not act on it.
      expect((await settle(String(first?.id), 'discard')).status).toBe(412);
      const discard = ['parked', 'discard', String(first?.id)];
      expect(await system.backstep(...discard, '--dry-run')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Nothing was done.'),
      });
      expect((await system.backstep(...discard)).code).toBe(2);
      expect((await system.backstep(...discard, '--reason', 'thrown in by a spec')).code).toBe(0);
      for (const { id } of others) expect((await settle(id, 'discard')).status).toBe(200);
      expect((await parked()).map(({ state }) => state)).toEqual(['discarded', 'discarded', 'discarded']);
      expect((await system.backstep('doctor')).code).toBe(0);
    }, 60_000);
  });
