import { sumOfMetric, type RunningEnvironment } from '@backstep/infrastructure';
import { PartitionReader } from '@backstep/kafka';
import pg from 'pg';
import { stolenMs } from './machine.js';
import { childrenOf, useOf } from './processes.js';
import { scrape } from './service-metrics.js';

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
  readonly batches: Readonly<Record<string, { readonly count: number; readonly messages: number }>>;
  /** Of the last seconds, the largest p99 of any service, milliseconds. */
  readonly eventLoopDelayMs: number;
  readonly stolenMs: number;
}

const WRITTEN = `SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS writes, pg_current_wal_lsn() - '0/0' AS wal,
  (SELECT sum(xact_commit) FROM pg_stat_database)::text AS transactions`;

/** Reads the meters of a running system. */
export class Probe {
  private readonly database: pg.Client;
  private readonly kafka: PartitionReader;

  constructor(
    /** As of now: pids change with restarts. */
    private readonly environment: () => RunningEnvironment,
  ) {
    const { databases, kafka } = environment();
    this.database = new pg.Client({ connectionString: databases['order'], application_name: 'backstep bench' });
    this.kafka = new PartitionReader({ brokers: [...kafka.brokers], clientId: 'backstep-bench-probe' });
  }

  async open(): Promise<void> {
    await this.database.connect();
  }

  async close(): Promise<void> {
    await this.database.end();
    await this.kafka.disconnect();
  }

  async read(): Promise<Reading> {
    const { topics, services } = this.environment();
    const [{ rows }, messages, texts] = await Promise.all([
      this.database.query<{ writes: string; wal: string; transactions: string }>(WRITTEN),
      this.kafka.countAll(topics),
      Promise.all(Object.entries(services).map(async ([name, url]) => [name, await scrape(url)] as const)),
    ]);
    const [written] = rows;
    const { cpuMs, residentBytes } = this.uses();
    return {
      at: performance.now(),
      cpuMs,
      residentBytes,
      writes: Number(written?.writes),
      transactions: Number(written?.transactions),
      walBytes: Number(written?.wal),
      messages,
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
