import { describe, expect, it } from '@jest/globals';
import { containerEnvironment, TOLD_BY, toldEnvironment, type Settings } from './containers.js';
import { SetupError } from './errors.js';
import { DATABASES, PORT_NAMES, portSettingOf } from './topology.js';

/** Goal: a command finds the containers from outside by what they publish, and from inside by what it is told. */
const TOPICS = ['order.events'];

describe('containers, seen from their host', () => {
  it('containers publish the ports of the design, with the passwords of .env.example', () => {
    expect(containerEnvironment({}, TOPICS)).toEqual({
      instance: 'compose',
      gateway: 'http://127.0.0.1:3000',
      provider: 'http://127.0.0.1:3006',
      services: {},
      databases: expect.objectContaining({
        order: 'postgres://backstep_order:order-development@127.0.0.1:54320/backstep_order',
        inventory: 'postgres://backstep_inventory:inventory-development@127.0.0.1:54320/backstep_inventory',
        payment: 'postgres://backstep_payment:payment-development@127.0.0.1:54320/backstep_payment',
        shipment: 'postgres://backstep_shipment:shipment-development@127.0.0.1:54320/backstep_shipment',
        orchestrator: 'postgres://backstep_orchestrator:orchestrator-development@127.0.0.1:54320/backstep_orchestrator',
      }),
      kafka: { brokers: ['127.0.0.1:9092'] },
      topics: TOPICS,
      consumerGroups: expect.arrayContaining(['backstep.order', 'backstep.orchestrator']),
      processes: Object.fromEntries(PORT_NAMES.map((name) => [name, []])),
    });
  });

  it('containers follow each setting', () => {
    const ports = { gateway: 20_000, 'payment-provider': 20_001, kafka: 20_002, postgres: 20_003 } as const;
    const settings: Settings = {
      ...Object.fromEntries(
        Object.entries(ports).map(([name, port]) => [portSettingOf(name as 'kafka'), String(port)]),
      ),
      ORDER_DB_PASSWORD: 'a/b@c',
      PAYMENT_DB_PASSWORD: '',
    };
    const { gateway, provider, kafka, databases } = containerEnvironment(settings, TOPICS);
    expect([gateway, provider, ...kafka.brokers]).toEqual([
      'http://127.0.0.1:20000',
      'http://127.0.0.1:20001',
      '127.0.0.1:20002',
    ]);
    expect(new URL(databases['order'] ?? '').port).toBe('20003');
    expect(decodeURIComponent(new URL(databases['order'] ?? '').password)).toBe('a/b@c');
    expect(new URL(databases['payment'] ?? '').password).toBe('payment-development');
  });

  it('containers are not looked for on an invalid port', () => {
    expect(() => containerEnvironment({ KAFKA_PORT: 'kafka' }, TOPICS)).toThrow(SetupError);
  });
});

describe('a command that is told where everything is', () => {
  const told: Settings = {
    BACKSTEP_GATEWAY: 'http://gateway:3000',
    PROVIDER_URL: 'http://payment-provider:3006',
    KAFKA_BROKERS: 'kafka-1:29092,kafka-2:29092',
    ...Object.fromEntries(DATABASES.map(({ urlSetting, process }) => [urlSetting, `postgres://${process}`])),
  };

  it('a command takes each address from its setting', () => {
    expect([...TOLD_BY].sort()).toEqual(Object.keys(told).sort());
    expect(toldEnvironment(told, TOPICS)).toMatchObject({
      gateway: 'http://gateway:3000',
      provider: 'http://payment-provider:3006',
      kafka: { brokers: ['kafka-1:29092', 'kafka-2:29092'] },
      databases: { order: 'postgres://order', orchestrator: 'postgres://orchestrator' },
      services: {},
      topics: TOPICS,
    });
  });

  it('a command ignores settings that also mean something else', () => {
    const { BACKSTEP_GATEWAY, KAFKA_BROKERS } = told;
    expect(toldEnvironment({ BACKSTEP_GATEWAY, KAFKA_BROKERS, PATH: '/bin' }, TOPICS)).toBeUndefined();
  });

  it('a command names missing settings', () => {
    const some = { ...told, SHIPMENT_DATABASE_URL: undefined, PAYMENT_DATABASE_URL: '' };
    expect(() => toldEnvironment(some, TOPICS)).toThrow(/: set PAYMENT_DATABASE_URL, SHIPMENT_DATABASE_URL too\.$/);
  });
});
