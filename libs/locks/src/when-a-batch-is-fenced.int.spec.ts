import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LockedError, Tables, Version, type Executor } from '@backstep/concurrency';
import { OutboxRelay } from '@backstep/outbox';
import { DEFAULT_LIMITS, one, UNIT_OF_WORK_SQL, UnitOfWork, update, type PartChange } from '@backstep/unit-of-work';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { randomUUID } from 'node:crypto';
import { FenceError, fencedBy, takes, type Lease, type NamedLocks } from './index.js';
import { LockKit } from './locks.fixture.spec.js';

/**
 * Goal: what a handler decides under a lock is committed only while the lock is held, and its neighbours in the batch pay nothing for it.
 * Method: requests of one batch on the real unit of work, some of whose locks were lost or are another's.
 */
@Entity('report')
class Report {
  @PrimaryColumn('text') id!: string;
  @Column('text') by!: string;
  @Version() version!: number;
}

const REPORTS = 20;

let kit: LockKit;
let dataSource: DataSource;
let unitOfWork: UnitOfWork;
let relay: OutboxRelay;
let locks: NamedLocks;
let statements: string[];
let sizes: number[];

beforeAll(async () => {
  const table = 'CREATE TABLE report (id text PRIMARY KEY, by text NOT NULL, version bigint NOT NULL)';
  kit = await LockKit.start([UNIT_OF_WORK_SQL, table].join(';'));
  dataSource = await new DataSource({ type: 'postgres', url: kit.database.url, entities: [Report] }).initialize();
  locks = kit.instance();
  const pool = kit.pool();
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    client.query = ((...args: unknown[]) => {
      statements.push(JSON.stringify(args[0]));
      return query(...args);
    }) as never;
  });
  relay = new OutboxRelay(pool as unknown as Executor, { publish: () => Promise.resolve() });
  const environment = { tables: new Tables(dataSource), source: 'spec', shardOf: () => 0, now: Date.now };
  unitOfWork = new UnitOfWork(pool, environment, relay, DEFAULT_LIMITS, {
    committed: ({ size }) => void sizes.push(size),
  });
});
afterAll(async () => {
  await relay.stop(0);
  await dataSource.destroy();
  await kit.stop();
});
beforeEach(async () => {
  [statements, sizes] = [[], []];
  await kit.database.pool.query(
    `TRUNCATE named_lock, report; INSERT INTO report SELECT 'r' || n, 'nobody', 1 FROM generate_series(1, ${REPORTS}) AS n`,
  );
});
afterEach(() => unitOfWork.idle());

interface Write {
  readonly id: string;
  readonly by?: string;
  readonly demands?: readonly PartChange[];
}
const writeReport = {
  needs: ({ id }: Write) => ({ report: one(Report, id) }),
  decide: ({ by = 'me', demands = [] }: Write, { report }: { report: Report | undefined }) => ({
    answer: by,
    changes: report ? [update(Report, report, { by }), ...demands] : [],
  }),
};
const request = (what: Write) => unitOfWork.request(writeReport, what);
const writers = async (): Promise<string[]> =>
  (await kit.database.pool.query<{ by: string }>(`SELECT by FROM report WHERE by <> 'nobody' ORDER BY id`)).rows.map(
    ({ by }) => by,
  );
const lease = (name: string): Lease => ({ name, holder: randomUUID(), epoch: undefined });
const ids = Array.from({ length: REPORTS }, (_, at) => `r${at + 1}`);

describe('a batch of decisions under locks', () => {
  it('decisions whose locks are held are committed together, by one statement beside the read', async () => {
    const held = await locks.acquire(ids, { leaseMs: 30_000 });
    await Promise.all(held.leases.map((one, at) => request({ id: ids[at] ?? '', demands: [fencedBy(one)] })));
    expect(await writers()).toHaveLength(REPORTS);
    expect(sizes).toEqual([REPORTS]);
    expect(statements).toHaveLength(2);
    expect(await kit.held()).toHaveLength(REPORTS);
    await held.release();
  });

  it('of a batch in which some locks are lost, those decisions alone are refused with FenceError, and the others are committed', async () => {
    const held = await locks.acquire(ids, { leaseMs: 30_000 });
    await kit.age('1 minute');
    const lost = ['r3', 'r7'];
    await kit.instance().acquire(lost, { leaseMs: 30_000 });
    const outcomes = await Promise.allSettled(
      held.leases.map((one) => request({ id: one.name, by: one.name, demands: [fencedBy(one)] })),
    );
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as FenceError] : [],
    );
    expect(refused.every((error) => error instanceof FenceError)).toBe(true);
    expect(refused.flatMap(({ names }) => names).sort()).toEqual(lost);
    expect(await writers()).toHaveLength(REPORTS - 2);
    expect(sizes).toEqual([REPORTS - 2]);
  });

  it('a decision under several locks is refused when one of them is lost', async () => {
    const held = await locks.acquire(['a', 'b'], { leaseMs: 30_000 });
    await kit.age('1 minute');
    await kit.instance().acquire(['b'], { leaseMs: 30_000 });
    await expect(request({ id: 'r1', demands: [fencedBy(held)] })).rejects.toMatchObject({
      name: 'FenceError',
      names: ['b'],
    });
    expect(await writers()).toEqual([]);
  });

  it('a decision that releases its lock has released it with its commit, and one that extends has extended it', async () => {
    const [first, second] = (await locks.acquire(['a', 'b'], { leaseMs: 30_000 })).leases as [Lease, Lease];
    await kit.age('1 minute');
    await Promise.all([
      request({ id: 'r1', demands: [fencedBy(first, { then: 'release' })] }),
      request({ id: 'r2', demands: [fencedBy(second, { then: 60_000 })] }),
    ]);
    expect(await kit.held()).toEqual(['b']);
    await expect(request({ id: 'r3', demands: [fencedBy(first)] })).rejects.toBeInstanceOf(FenceError);
    await request({ id: 'r4', demands: [fencedBy(second)] });
    expect(sizes).toEqual([2, 1]);
  });
});

describe('a batch that takes locks', () => {
  it('locks are taken by the write of the batch, and the lease fences what comes later', async () => {
    const leases = ids.map(lease);
    await Promise.all(leases.map((one) => request({ id: one.name, demands: [takes(one, { leaseMs: 30_000 })] })));
    expect(statements).toHaveLength(2);
    expect(await kit.held()).toHaveLength(REPORTS);
    await expect(locks.acquire(['r1'], { leaseMs: 1 })).rejects.toBeInstanceOf(LockedError);
    const [first] = leases as [Lease];
    await request({ id: 'r1', by: 'later', demands: [fencedBy(first, { then: 'release' })] });
    await locks.with(['r1'], { leaseMs: 1_000 }, () => Promise.resolve());
  });

  it('a lock that another holds refuses its decision with LockedError, and the others are committed', async () => {
    await locks.acquire(['r5'], { leaseMs: 30_000 });
    const outcomes = await Promise.allSettled(
      ids.map((id) => request({ id, demands: [takes(lease(id), { leaseMs: 30_000 })] })),
    );
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as LockedError] : [],
    );
    expect(refused).toEqual([expect.objectContaining({ name: 'LockedError', names: ['r5'], retryable: true })]);
    expect(refused[0]?.retryAfterMs).toBeGreaterThan(0);
    expect(await writers()).toHaveLength(REPORTS - 1);
    expect(await kit.held()).toHaveLength(REPORTS);
  });

  it('a lock whose lease has run out is taken over, with a higher epoch', async () => {
    const late = await locks.acquire(['r1'], { leaseMs: 30_000 });
    await kit.age('1 minute');
    await request({ id: 'r1', demands: [takes(lease('r1'), { leaseMs: 30_000 })] });
    const [row] = await kit.rows();
    expect(row?.epoch).toBeGreaterThan(late.epochOf('r1'));
    await expect(request({ id: 'r1', demands: [fencedBy(late)] })).rejects.toBeInstanceOf(FenceError);
  });

  it('of two decisions of a batch that take one lock, one is committed', async () => {
    const outcomes = await Promise.allSettled(
      ['r1', 'r2'].map((id) => request({ id, by: id, demands: [takes(lease('same'), { leaseMs: 30_000 })] })),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((outcomes[1] as PromiseRejectedResult).reason).toBeInstanceOf(LockedError);
    expect(await writers()).toEqual(['r1']);
  });

  it('a lock that a decision releases is taken by a later one of the same batch, with an epoch of its own', async () => {
    const held = await locks.acquire(['a'], { leaseMs: 30_000 });
    const [first] = held.leases as [Lease];
    const next = lease('a');
    await Promise.all([
      request({ id: 'r1', demands: [fencedBy(first, { then: 'release' })] }),
      request({ id: 'r2', demands: [takes(next, { leaseMs: 30_000 })] }),
    ]);
    expect(sizes).toEqual([2]);
    const [row] = await kit.rows();
    expect(row).toMatchObject({ name: 'a', holder: next.holder, held: true });
    expect(row?.epoch).toBeGreaterThan(held.epochOf('a'));
  });

  it('a lock that is taken and released within one batch leaves nothing behind', async () => {
    const mine = lease('a');
    await Promise.all([
      request({ id: 'r1', demands: [takes(mine, { leaseMs: 30_000 })] }),
      request({ id: 'r2', demands: [fencedBy(mine, { then: 'release' })] }),
    ]);
    expect(sizes).toEqual([2]);
    expect(await kit.rows()).toEqual([]);
  });
});

describe('batches of several instances', () => {
  it('fences, releases and takes of the same names in crossing order end without a deadlock', async () => {
    const names = Array.from({ length: 8 }, (_, at) => `n${at}`);
    for (let round = 0; round < 20; round++) {
      const held = await locks.acquire(names, { leaseMs: 30_000 });
      const crossing = round % 2 === 0 ? held.leases : [...held.leases].reverse();
      await Promise.all([
        ...crossing.map((one, at) =>
          request({
            id: ids[at] ?? '',
            demands: [fencedBy(one), takes(lease(`${round}-${7 - at}`), { leaseMs: 1_000 })],
          }),
        ),
        locks.extend([...held.leases].reverse(), 30_000),
      ]);
      await held.release();
    }
    const { rows } = await kit.database.pool.query<{ n: number }>(
      `SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()`,
    );
    expect(rows[0]?.n).toBe(0);
  });
});
