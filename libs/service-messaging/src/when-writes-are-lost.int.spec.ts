import { Controller, HttpCode, Inject, Module, Param, Post } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Contended, locked, Version } from '@backstep/concurrency';
import type { ContentionBody, ContentionHealth, ContentionKeyBody } from '@backstep/messaging';
import type { PlatformApp } from '@backstep/service';
import { createTestDatabase, waitUntil, type TestDatabase } from '@backstep/testing';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { addsOne, bakery, startBakery } from './bakery.fixture.spec.js';

/**
 * Goal: an instance tells over HTTP how many of its writes are lost to others, and stays ready however many these are, unless its operator has
 * said otherwise. Method: whole services on a real PostgreSQL, with a load of which the spec makes each conflict itself: a transaction of somebody
 * else has changed the row, and ends when the service's write waits for it.
 */
@Entity('loaf')
class Loaf {
  @PrimaryColumn('text') id!: string;
  @Column('integer') sold!: number;
  @Version() version!: number;
}

@Entity('oven')
@Contended(locked())
class Oven {
  @PrimaryColumn('text') id!: string;
  @Column('integer') uses!: number;
  @Version() version!: number;
}

const LOAVES = 100;

const TABLES = `
  CREATE TABLE loaf (id text PRIMARY KEY, sold integer NOT NULL, version bigint NOT NULL);
  CREATE TABLE oven (id text PRIMARY KEY, uses integer NOT NULL, version bigint NOT NULL);
  INSERT INTO loaf SELECT 'loaf-' || n, 0, 1 FROM generate_series(0, ${LOAVES - 1}) AS n;
  INSERT INTO oven VALUES ('stone', 0, 1)`;

const sell = addsOne(Loaf, ({ sold }) => ({ sold: sold + 1 }));
const heat = addsOne(Oven, ({ uses }) => ({ uses: uses + 1 }));

@Controller()
class BakeryController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Post('loaves/:id/sales')
  @HttpCode(204)
  sell(@Param('id') id: string): Promise<void> {
    return this.unitOfWork.request(sell, id);
  }

  @Post('ovens/:id/uses')
  @HttpCode(204)
  heat(@Param('id') id: string): Promise<void> {
    return this.unitOfWork.request(heat, id);
  }
}

@Module({ imports: [bakery([Loaf, Oven], TABLES)], controllers: [BakeryController] })
class BakeryModule {}

let database: TestDatabase;
const running: PlatformApp[] = [];
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const { app } of running.splice(0)) await app.close();
  await database.drop();
});

/** @returns where it answers */
async function instance(settings: Readonly<Record<string, string>> = {}): Promise<string> {
  const { platform, url } = await startBakery(BakeryModule, database.url, settings);
  running.push(platform);
  return url;
}

async function post(url: string): Promise<void> {
  expect((await fetch(url, { method: 'POST' })).status).toBe(204);
}

let sales = 0;
const sellAt = (at: string): Promise<void> => post(`${at}/loaves/loaf-${sales++ % LOAVES}/sales`);

const waiting = async (): Promise<boolean> => {
  const { rows } = await database.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows[0]?.n === 1;
};

/** `act` waits for what this statement of somebody else has locked. @returns how long that was held meanwhile, milliseconds */
async function behind(statement: string, act: () => Promise<void>, whileHeld?: string): Promise<number> {
  const rival = await database.pool.connect();
  try {
    await rival.query('BEGIN');
    await rival.query(statement);
    const began = performance.now();
    const done = act();
    await waitUntil('the write waits', waiting);
    if (whileHeld) await rival.query(whileHeld);
    const heldMs = performance.now() - began;
    await rival.query('COMMIT');
    await done;
    return heldMs;
  } finally {
    rival.release(true);
  }
}

/** One attempt is lost, and the next one is committed. */
const loseOneAt = (at: string): Promise<number> =>
  behind(`UPDATE loaf SET version = version + 1 WHERE id = 'loaf-${sales % LOAVES}'`, () => sellAt(at));

async function read<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}
const healthOf = (at: string): Promise<ContentionHealth> => read(`${at}/health/contention`);
const readinessOf = async (at: string): Promise<number> => (await fetch(`${at}/health/ready`)).status;
const metricsOf = async (at: string): Promise<string> => (await fetch(`${at}/metrics`)).text();

/** Sells so often undisturbed, and so often after an attempt that is lost. */
async function load(at: string, undisturbed: number, lost: number): Promise<void> {
  for (let n = 0; n < undisturbed; n++) await sellAt(at);
  for (let n = 0; n < lost; n++) await loseOneAt(at);
}

describe('an instance of a service under a load of which a part is lost to others', () => {
  it('a load is told as normal at 5 % of lost attempts, elevated at 12 %, high at 25 %, and the instance is ready throughout', async () => {
    const at = await instance();
    const readiness = new Set<number>();
    const told: ContentionHealth[] = [];
    // Each one that is lost is an attempt more. All of them are of one minute: 5 of 100, 14 of 118, 45 of 180.
    for (const [undisturbed, lost] of [
      [90, 5],
      [0, 9],
      [0, 31],
    ] as const) {
      await load(at, undisturbed, lost);
      told.push(await healthOf(at));
      readiness.add(await readinessOf(at));
    }
    expect(told.map(({ status, attempts }) => [status, attempts])).toEqual([
      ['normal', 100],
      ['elevated', 118],
      ['high', 180],
    ]);
    expect(told.map(({ ratio }) => Math.round(100 * ratio))).toEqual([5, 12, 25]);
    expect([...readiness]).toEqual([200]);
  });

  it('a load of two attempts, one of which is lost, is told as idle', async () => {
    const at = await instance();
    await loseOneAt(at);
    expect(await healthOf(at)).toEqual({ status: 'idle', attempts: 2, ratio: 0.5 });
    expect(await readinessOf(at)).toBe(200);
  });

  it('an instance with CONTENTION_FAILS_READINESS=true is ready until it is high, and then says how much it loses', async () => {
    const at = await instance({ CONTENTION_FAILS_READINESS: 'true' });
    await load(at, 85, 10);
    expect(await healthOf(at)).toMatchObject({ status: 'normal' });
    expect(await readinessOf(at)).toBe(200);
    await load(at, 0, 20);
    expect(await healthOf(at)).toMatchObject({ status: 'high', attempts: 145, ratio: 30 / 145 });
    const ready = await fetch(`${at}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({
      status: 'down',
      checks: { contention: { status: 'down', detail: 'high, 21 % are lost' }, database: { status: 'ok' } },
    });
  });
});

/** @returns the value of the line of this metric with all of these labels */
const valuesIn =
  (text: string) =>
  (name: string, ...labels: readonly string[]): number => {
    const line = text
      .split('\n')
      .find((one) => one.startsWith(`${name}{`) && labels.every((label) => one.includes(label)));
    return Number(line?.split(' ').at(-1));
  };

describe('what an instance says of its writes at /metrics', () => {
  it('a scrape has each attempt by its entity and outcome, the wait for a lock as long as the row was held, and no key', async () => {
    const at = await instance();
    await load(at, LOAVES, 10);
    const heldMs = await behind(
      'SELECT FROM oven FOR UPDATE',
      () => post(`${at}/ovens/stone/uses`),
      `SELECT pg_sleep(0.5)`,
    );
    const text = await metricsOf(at);
    const valueOf = valuesIn(text);
    const loaf = ['entity="Loaf"', 'strategy="optimistic"'];
    expect(valueOf('backstep_writes_total', ...loaf, 'outcome="committed"')).toBe(LOAVES + 10);
    expect(valueOf('backstep_writes_total', ...loaf, 'outcome="conflict"')).toBe(10);
    expect(valueOf('backstep_conflict_ratio', 'entity="Loaf"')).toBeCloseTo(10 / (LOAVES + 20), 6);
    const waited = valueOf('backstep_lock_wait_seconds_sum', 'entity="Oven"') * 1_000;
    expect(waited / heldMs).toBeGreaterThan(0.8);
    expect(waited / heldMs).toBeLessThan(1.2);
    expect(text).not.toMatch(/loaf-|stone/);
  });

  it('a request whose row is changed twice while it decides is answered, and a scrape tells its three attempts', async () => {
    const at = await instance();
    const rival = await database.pool.connect();
    try {
      // The n-th statement that updates waits for the n-th lock, before it looks for its rows.
      await rival.query(`
        CREATE SEQUENCE attempt;
        CREATE FUNCTION waits() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN PERFORM pg_advisory_xact_lock(nextval(''attempt'')); RETURN NULL; END';
        CREATE TRIGGER waits BEFORE UPDATE ON loaf FOR EACH STATEMENT EXECUTE FUNCTION waits();
        SET session_replication_role = replica;
        SELECT pg_advisory_lock(1), pg_advisory_lock(2)`);
      const sold = post(`${at}/loaves/loaf-7/sales`);
      for (const attempt of [1, 2]) {
        await waitUntil(`attempt ${attempt} waits`, async () => {
          const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = ${attempt} AND NOT granted`;
          return (await rival.query(waiting)).rowCount === 1;
        });
        await rival.query(`UPDATE loaf SET version = version + 1 WHERE id = 'loaf-7'`);
        await rival.query(`SELECT pg_advisory_unlock(${attempt})`);
      }
      await sold;
    } finally {
      rival.release(true);
    }
    const valueOf = valuesIn(await metricsOf(at));
    const attempts = [
      valueOf('backstep_write_attempts_bucket', 'entity="Loaf"', 'le="2"'),
      valueOf('backstep_write_attempts_bucket', 'entity="Loaf"', 'le="3"'),
      valueOf('backstep_write_attempts_sum', 'entity="Loaf"'),
    ];
    expect(attempts).toEqual([0, 1, 3]);
    const { rows } = await database.pool.query(`SELECT sold, version::int AS version FROM loaf WHERE id = 'loaf-7'`);
    expect(rows).toEqual([{ sold: 1, version: 4 }]);
  });

  it('a key that nobody has fought for is told with what its entity declares, and an entity that there is not is named', async () => {
    const at = await instance();
    const nobody = { hot: null, items: [] };
    expect(await read<ContentionKeyBody>(`${at}/contention/keys/Loaf/a%2Fb`)).toEqual({
      ...{ entity: 'Loaf', key: 'a/b', ...nobody },
      declared: { strategy: 'adaptive', enter: 0.15, leave: 0.05 },
    });
    expect(await read<ContentionKeyBody>(`${at}/contention/keys/Oven/stone`)).toEqual({
      ...{ entity: 'Oven', key: 'stone', ...nobody },
      declared: { strategy: 'locked', enter: null, leave: null },
    });
    const unknown = await fetch(`${at}/contention/keys/Crumb/rye`);
    const { detail } = (await unknown.json()) as { detail: string };
    expect([unknown.status, detail]).toEqual([404, expect.stringMatching(/writes no rows of Crumb; .* Loaf, Oven\.$/)]);
  });

  it('what two instances have counted is told by either of them, together', async () => {
    const both = [await instance(), await instance()];
    for (const at of both) await load(at, 30, 3);
    for (const at of both) {
      const { instances, entities } = await waitUntil('both have told', async () => {
        const body = await read<ContentionBody>(`${at}/contention`);
        return body.attempts === 72 && body;
      });
      expect(instances).toBe(2);
      expect(entities).toMatchObject([{ entity: 'Loaf', attempts: 72, conflicts: 6 }]);
    }
  });
});
