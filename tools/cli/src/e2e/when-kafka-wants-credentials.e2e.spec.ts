import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CATALOGUE,
  ACCESS,
  PaymentCharged,
  PRINCIPALS,
  SERVICES,
  topicsReadBy,
  TOPICS,
  topicsWrittenBy,
} from '@backstep/contracts';
import { message, newId } from '@backstep/messages';
import { startSecureKafka, type SecureKafka } from '@backstep/infrastructure';
import { allow, createTopics, KafkaPublisher, kafkaSecurityFrom, PartitionReader } from '@backstep/kafka';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLES } from '../demo/samples.js';
import { startTestSystem, type TestSystem } from './test-system.fixture.spec.js';

/**
 * Goal: each service gets by with what its ACLs allow, and Kafka refuses the rest: nobody can say what another service says.
 * Method: the whole system on a real broker with TLS, a user for each service, and the ACLs that are derived from the declared topology.
 */
/** Less than what a client takes for granted. */
const TOPIC_TAKES_BYTES = 600_000;
const ORDER_ENDS_WITHIN_MS = 60_000;
const dir = mkdtempSync(join(tmpdir(), 'backstep-secure-'));
/** Services hand over from process to process: each learns from Kafka who the others are. */
const express = { EXPRESS: 'true', EXPRESS_FOLDER: join(dir, 'express') };
let kafka: SecureKafka;
let system: TestSystem;

const settingsOf = (user: string, password = kafka.passwords[user] ?? '') => ({
  KAFKA_SSL: 'true',
  KAFKA_SSL_CA: kafka.caFile,
  KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  KAFKA_SASL_USERNAME: user,
  KAFKA_SASL_PASSWORD: password,
});
function clientOf(user: string, password?: string) {
  const security = kafkaSecurityFrom(settingsOf(user, password));
  if (!security) throw new Error('these settings are secure');
  return { brokers: kafka.brokers, clientId: user, security };
}

beforeAll(async () => {
  kafka = await startSecureKafka(join(dir, 'kafka'), PRINCIPALS, { 'message.max.bytes': TOPIC_TAKES_BYTES });
  system = await startTestSystem({
    kafkaBrokers: kafka.brokers,
    createTopics: async (brokers) => {
      const { security } = clientOf('admin');
      await createTopics(brokers, TOPICS, { security });
      await allow(brokers, ACCESS, security);
    },
    environment: Object.fromEntries(PRINCIPALS.map((name) => [name, { ...settingsOf(name), ...express }])),
  });
}, 240_000);
afterAll(async () => {
  await system?.stop();
  await kafka?.stop();
  rmSync(dir, { recursive: true, force: true });
}, 30_000);

const aCharge = (source: string) => {
  const data = { orderId: newId(), paymentIntentId: newId(), providerReference: 'pi_1', amount: 100, currency: 'EUR' };
  return CATALOGUE.encode(message(PaymentCharged, data, { source, commandId: newId() }));
};

/** @returns where an order is that was placed and is confirmed */
async function confirmed(): Promise<string> {
  const location = await waitUntil('an order is accepted', async () => {
    const request = { body: SAMPLES[0]?.order, headers: { 'idempotency-key': randomUUID() } };
    const { status, headers } = await system.api('POST', '/v1/orders', request);
    return status === 202 && (headers.get('location') ?? '');
  });
  const ended = async () => (await system.api('GET', location)).body['status'] === 'CONFIRMED';
  await waitUntil('the order is confirmed', ended, ORDER_ENDS_WITHIN_MS);
  return location;
}

describe('on a Kafka with TLS, users and ACLs', () => {
  it('an order ends on a secured Kafka, and its messages are shown', async () => {
    const location = await confirmed();
    const wanted = ['OrderPlaced', 'ChargePayment', 'PaymentCharged', 'OrderConfirmed'];
    await waitUntil('its messages are shown', async () => {
      const { body } = await system.api('GET', `${location}/events`);
      const types = (body['items'] as { headers: Record<string, string> }[]).map(({ headers }) => headers['ce_type']);
      return wanted.every((type) => types.includes(type));
    });
  }, 120_000);

  it('the gateway looks through the messages, and has what it shows of topics and groups', async () => {
    const messages = await system.api('GET', '/v1/messages?type=OrderPlaced');
    expect([messages.status, (messages.body['items'] as unknown[]).length > 0]).toEqual([200, true]);
    const topics = await system.api('GET', '/v1/topics');
    const retention = (topics.body['items'] as { retentionMs: unknown }[]).map(({ retentionMs }) => retentionMs);
    expect(retention).toEqual(TOPICS.map(({ retentionMs }) => retentionMs));
    const groups = await system.api('GET', '/v1/groups');
    const states = (groups.body['items'] as { id: string; state: unknown }[]).map(({ id, state }) => [id, state]);
    expect(states).toEqual(SERVICES.map((service) => [`backstep.${service}`, 'Stable']));
  });

  it('services on a secured Kafka hand over to each other: their rights are enough to know each other', async () => {
    for (const service of SERVICES) {
      await waitUntil(`${service} hands over`, async () => {
        await confirmed();
        const page = await (await fetch(`${system.environment().services[service]}/metrics`)).text();
        return /^backstep_express_messages_total\{.*outcome="handed_over".*\} [1-9]/m.test(page);
      });
    }
  }, 120_000);

  it.each(['shipment', 'order', 'orchestrator', 'gateway', 'operator'])(
    'the user %s cannot write that a payment was charged',
    async (user) => {
      const publisher = new KafkaPublisher(clientOf(user));
      try {
        await expect(publisher.publish([aCharge('payment')])).rejects.toThrow('TOPIC_AUTHORIZATION_FAILED');
      } finally {
        await publisher.disconnect();
      }
    },
    60_000,
  );

  it('the user payment cannot read the commands to shipment', async () => {
    const reader = new PartitionReader(clientOf('payment'));
    try {
      await expect(reader.countAll(['shipment.commands'])).rejects.toThrow(/ACL/);
    } finally {
      await reader.disconnect();
    }
  }, 60_000);

  it.each(SERVICES)('the user %s can read the message size limit of its topics', async (service) => {
    const written = topicsWrittenBy(service);
    const publisher = new KafkaPublisher(clientOf(service), written);
    try {
      await publisher.askSizes();
      for (const topic of written)
        expect([topic, publisher.sizes.batchMaxBytes(topic)]).toEqual([topic, TOPIC_TAKES_BYTES]);
    } finally {
      await publisher.disconnect();
    }
  });

  it('a service cannot read the configuration of other topics', async () => {
    const others = topicsReadBy('shipment');
    const publisher = new KafkaPublisher(clientOf('shipment'), others);
    try {
      await publisher.askSizes();
      for (const topic of others) expect(publisher.largestMessage(topic)).toBeUndefined();
    } finally {
      await publisher.disconnect();
    }
  });

  it('a wrong password is reported by the name of its setting, and not shown', async () => {
    const reader = new PartitionReader(clientOf('gateway', 'not-the-password'));
    try {
      const failure = await reader.countAll(['order.events']).catch((error: unknown) => error as Error);
      expect(String(failure)).toMatch(/KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD/);
      expect(String(failure)).not.toContain('not-the-password');
    } finally {
      await reader.disconnect();
    }
  }, 60_000);
});

describe('a command on such a Kafka', () => {
  it('a command reads all messages as the operator', async () => {
    const { code, stdout, stderr } = await system.backstepWith(settingsOf('operator'), 'doctor');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Orders');
    const groups = await system.backstepWith(settingsOf('operator'), 'groups', '--json');
    expect({ code: groups.code, stderr: groups.stderr }).toEqual({ code: 0, stderr: '' });
    const { items } = JSON.parse(groups.stdout) as { items: { state: string }[] };
    expect(items.map(({ state }) => state)).toEqual(SERVICES.map(() => 'Stable'));
  }, 60_000);

  it.each([
    ['whom Kafka does not know', 'not-the-password', /^Kafka does not accept the credentials: .*\.\n$/],
    ['who may not make topics', undefined, /^Kafka has no ACL that allows this user to do that \(\w+\)\.\n$/],
  ])(
    'a command of a user %s says so, and ends',
    async (_, password, said) => {
      const named = ['--brokers', kafka.brokers.join(',')];
      for (const command of [
        ['topics', ...named],
        ['topics', '--access', ...named],
        ['doctor'],
        ['events'],
        ['groups'],
      ]) {
        const { code, stderr } = await system.backstepWith(settingsOf('order', password), ...command);
        expect([command, code, stderr]).toEqual([command, 3, expect.stringMatching(said)]);
        expect(stderr).not.toContain('not-the-password');
      }
    },
    60_000,
  );

  it('a command of a user who may not look at the topics of a group says why and ends, and the gateway may look', async () => {
    const own = await system.backstepWith(settingsOf('order'), 'groups', 'order');
    expect([own.code, own.stderr]).toEqual([3, expect.stringContaining('TOPIC_AUTHORIZATION_FAILED')]);
    const ofAll = await system.backstepWith(settingsOf('gateway'), 'groups', 'payment');
    expect([ofAll.code, ofAll.stderr]).toEqual([0, '']);
    expect(ofAll.stdout).toContain('backstep.payment');
  }, 30_000);
});
