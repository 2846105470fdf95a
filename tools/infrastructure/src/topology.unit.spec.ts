import { describe, expect, it } from '@jest/globals';
import {
  DATABASES,
  environmentOf,
  PORT_NAMES,
  portSettingOf,
  portsFromSettings,
  PROCESS_NAMES,
  type Deployment,
} from './topology.js';

/** Goal: each process is told what is its own and where the others are, and nothing that opens somebody else's door. */
const deployment: Deployment = {
  dir: '/data',
  instance: 'this-one',
  ports: portsFromSettings({}),
  databases: { backstep_order: 'postgres://order', backstep_payment: 'postgres://payment' },
  brokers: ['127.0.0.1:9092'],
  webhookSecret: 'whsec_1',
};

describe('the topology', () => {
  it('the topology listens on the ports of the design', () => {
    expect(deployment.ports).toMatchObject({
      gateway: 3000,
      order: 3001,
      inventory: 3002,
      payment: 3003,
      shipment: 3004,
      orchestrator: 3005,
      'payment-provider': 3006,
      kafka: 9092,
      postgres: 54320,
    });
  });

  it('the topology moves each port with a setting of its own', () => {
    const settings = Object.fromEntries(PORT_NAMES.map((name, index) => [portSettingOf(name), String(20_000 + index)]));
    expect(new Set(Object.keys(settings)).size).toBe(PORT_NAMES.length);
    expect(Object.values(portsFromSettings(settings))).toEqual(PORT_NAMES.map((_, index) => 20_000 + index));
  });

  it.each(['0', '65536', 'http', '30.5'])('the topology names the setting when %s is not a port', (text) => {
    expect(() => portsFromSettings({ ORDER_PORT: text })).toThrow(/ORDER_PORT must be a port/);
  });

  it('the topology gives a service its own database only, and the gateway none', () => {
    expect(environmentOf('order', 3001, deployment)).toMatchObject({
      PORT: '3001',
      SERVICE_NAME: 'order',
      INSTANCE_ID: 'this-one',
      DATABASE_URL: 'postgres://order',
      KAFKA_BROKERS: '127.0.0.1:9092',
      INVENTORY_URL: 'http://127.0.0.1:3002',
    });
    expect(environmentOf('gateway', 3000, deployment)).not.toHaveProperty('DATABASE_URL');
  });

  it('the topology has services hand over to each other, unless the environment says otherwise', () => {
    const handsOver = { EXPRESS: 'true', EXPRESS_FOLDER: '/data/express' };
    expect(environmentOf('order', 3001, deployment)).toMatchObject(handsOver);
    expect(environmentOf('gateway', 3000, deployment)).not.toHaveProperty('EXPRESS');
    process.env['EXPRESS'] = 'false';
    try {
      expect(environmentOf('order', 3001, deployment)).toMatchObject({ ...handsOver, EXPRESS: 'false' });
    } finally {
      delete process.env['EXPRESS'];
    }
  });

  it('the topology passes on none of the containers’ passwords and addresses', () => {
    const settings = [...DATABASES.flatMap((owned) => [owned.urlSetting, owned.passwordSetting]), 'POSTGRES_PASSWORD'];
    const before = settings.map((name) => [name, process.env[name]] as const);
    for (const name of settings) process.env[name] = 'secret';
    try {
      const given = PROCESS_NAMES.flatMap((name) => Object.entries(environmentOf(name, 1, deployment)));
      expect(given.filter(([, value]) => value === 'secret')).toEqual([]);
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  it('the topology gives the secret of webhooks to payment and the stand-in alone', () => {
    const holders = PROCESS_NAMES.filter((name) =>
      Object.values(environmentOf(name, 1, deployment)).includes(deployment.webhookSecret),
    );
    expect(holders.sort()).toEqual(['payment', 'payment-provider']);
    expect(environmentOf('payment-provider', 3006, deployment)).toMatchObject({
      WEBHOOK_URL: 'http://127.0.0.1:3000/v1/webhooks/provider',
    });
  });

  it('the topology gives the Stripe key to payment alone', () => {
    const before = process.env['STRIPE_SECRET_KEY'];
    process.env['STRIPE_SECRET_KEY'] = 'sk_test_1';
    try {
      const holders = PROCESS_NAMES.filter(
        (name) => environmentOf(name, 1, deployment)['STRIPE_SECRET_KEY'] === 'sk_test_1',
      );
      expect(holders).toEqual(['payment']);
    } finally {
      if (before === undefined) delete process.env['STRIPE_SECRET_KEY'];
      else process.env['STRIPE_SECRET_KEY'] = before;
    }
  });
});
