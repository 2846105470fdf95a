import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Executor } from '@backstep/concurrency';
import { waitUntil, type TestDatabase } from '@backstep/testing';
import { DEFAULT_RELAY_LIMITS, type OutboxMessage, type OutboxRelay, type Publisher } from './index.js';
import { aRow, outboxOnPostgres } from './outbox.fixture.spec.js';

/* What the specs of the relay share (no spec itself): a broker that can be away or slow, and statements that can fail or be late. */

class Broker implements Publisher {
  readonly received: string[] = [];
  requests = 0;
  private away = false;
  private gate: Promise<void> = Promise.resolve();

  async publish(messages: readonly { readonly value: string }[]): Promise<void> {
    this.requests++;
    await this.gate;
    if (this.away) throw new Error('the broker is away');
    this.received.push(...messages.map(({ value }) => value));
  }
  goesAway(): void {
    this.away = true;
  }
  comesBack(): void {
    this.away = false;
  }
  /** No acknowledgement until the returned function is called. */
  hangs(): () => void {
    const { open, gate } = closedGate();
    this.gate = gate;
    return open;
  }
}

function closedGate(): { gate: Promise<void>; open: () => void } {
  let open!: () => void;
  const gate = new Promise<void>((resolve) => (open = resolve));
  return { gate, open };
}

/** The database, whose reads of the outbox can fail, begin late, or answer late. */
class Statements implements Executor {
  readsFail = false;
  deletesFail = false;
  reads = 0;
  private before: Promise<void> = Promise.resolve();
  private gate: Promise<void> = Promise.resolve();

  constructor(private readonly database: TestDatabase) {}

  async query(text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
    if (text.includes('DELETE') && this.deletesFail) return this.database.pool.query('SELECT 1 FROM not_there');
    if (!text.includes('ORDER BY seq')) return this.database.pool.query(text, values);
    this.reads++;
    await this.before;
    if (this.readsFail) return brokenConnection(this.database);
    const result = await this.database.pool.query(text, values);
    await this.gate;
    return result;
  }
  /** Reads reach the database only when the returned function is called. */
  readsBeginLate(): () => void {
    const { open, gate } = closedGate();
    this.before = gate;
    return open;
  }
  /** Reads see the present state, but their answer comes only when the returned function is called. */
  readsAreLate(): () => void {
    const { open, gate } = closedGate();
    this.gate = gate;
    return open;
  }
}

async function brokenConnection(database: TestDatabase): Promise<{ rows: unknown[] }> {
  const client = await database.pool.connect();
  client.on('error', () => client.release(true));
  return client.query('SELECT pg_terminate_backend(pg_backend_pid())');
}

let outbox: Awaited<ReturnType<typeof outboxOnPostgres>>;
export let broker: Broker;
export let statements: Statements;
export let database: TestDatabase;

/** For each spec of a file: an empty outbox, and a broker and statements that do not fail yet. */
export function outboxThatMayFail(): void {
  beforeAll(async () => {
    outbox = await outboxOnPostgres();
    database = outbox.database;
  });
  afterAll(() => outbox.close());

  beforeEach(async () => {
    await outbox.reset();
    broker = new Broker();
    statements = new Statements(database);
  });
}

const QUICK = { ...DEFAULT_RELAY_LIMITS, flushAfterMs: 5, retry: { baseMs: 1, capMs: 5 } };

export const startedRelay = (limits: Partial<typeof QUICK> = {}): OutboxRelay =>
  outbox.relay(broker, { ...QUICK, ...limits }, statements);

/** Commits messages, as the unit of work does; then hands them over, unless the process dies in between. */
export async function commit(
  relay: OutboxRelay | undefined,
  values: readonly string[],
  shard = 0,
): Promise<OutboxMessage[]> {
  const rows = values.map((value) => aRow(value, { shard, headers: { ce_id: value } }));
  await outbox.commit(rows, () => relay);
  return rows;
}

export const left = (): Promise<number> => outbox.left();
export const emptied = () => waitUntil('the outbox is empty', async () => (await left()) === 0);
