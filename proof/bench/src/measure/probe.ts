import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sumOfMetric, type RunningEnvironment } from '@backstep/infrastructure';
import { PartitionReader } from '@backstep/kafka';
import pg from 'pg';
import { stolenMs } from './machine.js';
import { childrenOf, useOf } from './processes.js';
import { scrape } from './service-metrics.js';
import { MB } from './units.js';

/** Everything that only grows, at one moment. */
export interface Reading {
  readonly at: number;
  /** By what runs: `order`, `postgres`, `kafka`, `load`; instances of a kind together. */
  readonly cpuMs: Readonly<Record<string, number>>;
  readonly residentBytes: Readonly<Record<string, number>>;
  /** Transactions that wrote something: PostgreSQL numbers only those. */
  readonly writes: number;
  /** All that were committed. Batches and questions are a statement each. */
  readonly transactions: number;
  readonly walBytes: number;
  readonly messages: number;
  /** Of all segments of all topics, Kafka's own too. */
  readonly kafkaBytes: number;
  readonly databaseBytes: number;
  readonly batches: Readonly<Record<string, { readonly count: number; readonly messages: number }>>;
  /** Of the last seconds, the largest p99 of any service, milliseconds. */
  readonly eventLoopDelayMs: number;
  readonly stolenMs: number;
}

const WRITTEN = `SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS writes, pg_current_wal_lsn() - '0/0' AS wal,
  (SELECT sum(xact_commit) FROM pg_stat_database)::text AS transactions`;

const OUTBOX = `SELECT count(*)::float8 AS rows, pg_total_relation_size('outbox')::float8 AS bytes FROM outbox`;
const SIZE = 'SELECT pg_database_size(current_database())::float8 AS bytes';
/** What Kafka has acknowledged leaves the outbox with the next commit, or after a moment. */
const OUTBOX_EMPTY_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 200;

/** Reads the meters of a running system. */
export class Probe {
  /** One of each service. What is true of the whole server, any of them tells. */
  private readonly databases: readonly pg.Client[];
  private readonly kafka: PartitionReader;

  constructor(
    /** As of now: pids change with restarts. */
    private readonly environment: () => RunningEnvironment,
    /** Where the system keeps its data. */
    private readonly dir: string,
  ) {
    const { databases, kafka } = environment();
    this.databases = Object.values(databases).map(
      (connectionString) => new pg.Client({ connectionString, application_name: 'backstep bench' }),
    );
    this.kafka = new PartitionReader({ brokers: [...kafka.brokers], clientId: 'backstep-bench-probe' });
  }

  async open(): Promise<void> {
    await Promise.all(this.databases.map((database) => database.connect()));
  }

  async close(): Promise<void> {
    await Promise.all(this.databases.map((database) => database.end()));
    await this.kafka.disconnect();
  }

  async read(): Promise<Reading> {
    const { topics, services } = this.environment();
    const [written, databaseBytes, messages, texts] = await Promise.all([
      this.databases[0]?.query<{ writes: string; wal: string; transactions: string }>(WRITTEN),
      this.sumOver(SIZE, 'bytes'),
      this.kafka.countAll(topics),
      Promise.all(Object.entries(services).map(async ([name, url]) => [name, await scrape(url)] as const)),
    ]);
    const server = written?.rows[0];
    const { cpuMs, residentBytes } = this.uses();
    return {
      at: performance.now(),
      cpuMs,
      residentBytes,
      writes: Number(server?.writes),
      transactions: Number(server?.transactions),
      walBytes: Number(server?.wal),
      messages,
      kafkaBytes: segmentBytes(join(this.dir, 'kafka')),
      databaseBytes,
      batches: Object.fromEntries(
        texts.map(([name, text]) => [
          name,
          {
            count: sumOfMetric(text, 'backstep_batch_messages_count'),
            messages: sumOfMetric(text, 'backstep_batch_messages_sum'),
          },
        ]),
      ),
      eventLoopDelayMs:
        1_000 * Math.max(...texts.map(([, text]) => sumOfMetric(text, 'nodejs_eventloop_lag_p99_seconds'))),
      stolenMs: stolenMs(),
    };
  }

  /** What is left in the outboxes of all services, once the relays have had a moment. */
  async outbox(): Promise<{ rows: number; mb: number }> {
    const until = performance.now() + OUTBOX_EMPTY_WITHIN_MS;
    for (;;) {
      const rows = await this.sumOver(OUTBOX, 'rows');
      if (rows === 0 || performance.now() > until) return { rows, mb: (await this.sumOver(OUTBOX, 'bytes')) / MB };
      await delay(LOOK_EVERY_MS);
    }
  }

  private async sumOver(sql: string, column: string): Promise<number> {
    const answers = await Promise.all(this.databases.map((database) => database.query<Record<string, number>>(sql)));
    return answers.reduce((sum, { rows }) => sum + (rows[0]?.[column] ?? NaN), 0);
  }

  /** CPU and memory alone: cheap enough to be read all the time. */
  uses(): Pick<Reading, 'cpuMs' | 'residentBytes'> {
    const { user, system } = process.cpuUsage();
    const cpuMs: Record<string, number> = { load: (user + system) / 1_000 };
    const residentBytes: Record<string, number> = { load: process.memoryUsage.rss() };
    for (const [name, pids] of Object.entries(this.environment().processes)) {
      const family = name === 'postgres' ? pids.flatMap((pid) => [pid, ...childrenOf(pid)]) : pids;
      const uses = family.map(useOf);
      cpuMs[name] = uses.reduce((sum, use) => sum + (use ? use.cpuMs + use.endedChildrenCpuMs : 0), 0);
      residentBytes[name] = uses.reduce((sum, use) => sum + (use?.residentBytes ?? 0), 0);
    }
    return { cpuMs, residentBytes };
  }
}

function segmentBytes(dir: string): number {
  const files = readdirSync(dir, { withFileTypes: true, recursive: true });
  const segments = files.filter((file) => file.isFile() && file.name.endsWith('.log'));
  // A segment may go while it is looked for.
  return segments.reduce(
    (sum, { parentPath, name }) => sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
