import { readFileSync } from 'node:fs';
import pg from 'pg';
import { busyMs, stolenMs } from '../../measure/machine.js';
import { childrenOf, useOf } from '../../measure/processes.js';
import { KB } from '../../measure/units.js';
import { PARTS, type Part, type RunningSystem } from '../compared-system.js';

/** Everything that only grows, at one moment. */
export interface Reading {
  readonly at: number;
  /** User and system time. PostgreSQL's is without the bench's own sessions; `load` is this process. */
  readonly cpuMs: Readonly<Record<Part | 'load', number>>;
  /** Transactions that wrote something: PostgreSQL numbers only those. */
  readonly writes: number;
  readonly walBytes: number;
  /** Of the whole machine, whoever used it. */
  readonly busyMs: number;
  readonly stolenMs: number;
}

const WRITTEN = `/* bench.written */ SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS writes,
  (pg_current_wal_lsn() - '0/0')::text AS wal, pg_backend_pid() AS pid`;

interface Written {
  readonly writes: string;
  readonly wal: string;
  readonly pid: number;
}

/** Reads the meters of a running system. It may be read while other sessions of the bench are open, and they may not end between two readings. */
export class Meter {
  private constructor(
    private readonly system: RunningSystem,
    private readonly session: pg.Client,
    private readonly ownBackends: readonly number[],
  ) {}

  /** @param backends the bench's other sessions at the same server */
  static async open(system: RunningSystem, backends: readonly number[]): Promise<Meter> {
    const session = new pg.Client({ connectionString: system.databaseUrl, application_name: 'backstep bench' });
    await session.connect();
    const { rows } = await session.query<Written>(WRITTEN);
    return new Meter(system, session, [...backends, ...rows.map(({ pid }) => pid)]);
  }

  async read(): Promise<Reading> {
    const { rows } = await this.session.query<Written>(WRITTEN);
    const { user, system } = process.cpuUsage();
    const families = this.families();
    const cpuOf = (part: Part): number => families[part].reduce((sum, pid) => sum + cpuMs(pid), 0);
    return {
      at: performance.now(),
      cpuMs: {
        node: cpuOf('node'),
        engine: cpuOf('engine'),
        postgres: cpuOf('postgres') - this.ownBackends.reduce((sum, pid) => sum + (useOf(pid)?.cpuMs ?? 0), 0),
        provider: cpuOf('provider'),
        load: (user + system) / 1_000,
      },
      writes: Number(rows[0]?.writes),
      walBytes: Number(rows[0]?.wal),
      busyMs: busyMs(),
      stolenMs: stolenMs(),
    };
  }

  /** Of the system alone, what processes share counted once. */
  memoryMb(): number {
    const { node, engine, postgres } = this.families();
    return [...node, ...engine, ...postgres].reduce((sum, pid) => sum + shareOfMemoryKb(pid), 0) / KB;
  }

  close(): Promise<void> {
    return this.session.end();
  }

  private families(): Readonly<Record<Part, readonly number[]>> {
    const pids = this.system.pids();
    const families = PARTS.map((part) => {
      const servers = pids[part];
      return [part, part === 'postgres' ? servers.flatMap((pid) => [pid, ...childrenOf(pid)]) : servers] as const;
    });
    return Object.fromEntries(families) as unknown as Record<Part, readonly number[]>;
  }
}

function cpuMs(pid: number): number {
  const use = useOf(pid);
  return use ? use.cpuMs + use.endedChildrenCpuMs : 0;
}

/** Proportional: a page that ten processes share is a tenth of each. 0 for a process that is gone. */
function shareOfMemoryKb(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
