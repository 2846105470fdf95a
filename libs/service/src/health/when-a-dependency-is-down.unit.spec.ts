import { describe, expect, it } from '@jest/globals';
import { HealthRegistry } from './health-registry.js';

/** Goal: readiness names the dependency that is down, and why, soon, however the check fails. */
describe('readiness', () => {
  it('readiness is ok when every check is ok', async () => {
    const health = new HealthRegistry('oven');
    health.register('database', async () => undefined);
    health.register('kafka', () => ({ status: 'ok', detail: 'lag 3' }));
    expect(await health.readiness()).toMatchObject({
      status: 'ok',
      service: 'oven',
      checks: { database: { status: 'ok' }, kafka: { status: 'ok', detail: 'lag 3' } },
    });
  });

  it('readiness is down when a check throws, reports down or is silent, and names each without its secrets', async () => {
    const health = new HealthRegistry('oven');
    health.register('fine', () => undefined);
    health.register('database', () => Promise.reject(new Error('no route to postgres://order:hunter2@db')));
    health.register('consumer', () => ({ status: 'down', detail: 'no progress for 30 s' }));
    health.register('kafka', () => new Promise(() => undefined), { timeoutMs: 20 });
    health.register('peer', () => Promise.reject(new AggregateError([new Error('connect ECONNREFUSED ::1:1')])));
    const { status, checks } = await health.readiness();
    expect(status).toBe('down');
    expect(checks).toMatchObject({
      fine: { status: 'ok' },
      database: { status: 'down', detail: 'no route to postgres://order:[redacted]@db' },
      consumer: { status: 'down', detail: 'no progress for 30 s' },
      kafka: { status: 'down', detail: 'no answer within 20 ms' },
      peer: { status: 'down', detail: 'connect ECONNREFUSED ::1:1' },
    });
  });

  it('readiness stays down once the service is taken out, for the first reason', async () => {
    const health = new HealthRegistry('oven');
    health.notReady('the consumer died');
    health.notReady('draining');
    expect(await health.readiness()).toMatchObject({ status: 'down', reason: 'the consumer died' });
  });

  it('a check runs once for probes that overlap', async () => {
    const health = new HealthRegistry('oven');
    let asked = 0;
    health.register('database', async () => void (asked += 1));
    await Promise.all([health.readiness(), health.readiness(), health.readiness()]);
    expect(asked).toBe(1);
    await health.readiness();
    expect(asked).toBe(2);
  });

  it('a second check of the same name is refused', () => {
    const health = new HealthRegistry('oven');
    health.register('database', () => undefined);
    expect(() => health.register('database', () => undefined)).toThrow('already registered');
  });
});
