import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@backstep/infrastructure';
import pg from 'pg';

export interface TimedPostgres {
  /** Superuser. */
  readonly url: string;
  /** Of the server; its sessions are its children. */
  readonly pid: number;
  /** Makes a database. @returns its URL, of the superuser */
  database(name: string): Promise<string>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/**
 * A PostgreSQL as every system has it, with fsync and synchronous_commit on, that keeps the time of each commit beside: by it all systems are
 * timed, and it costs them the same. PostgreSQL takes that setting at its start only, so it is started twice.
 */
export async function startTimedPostgres(): Promise<TimedPostgres> {
  const dir = mkdtempSync(join(tmpdir(), 'backstep-bench-'));
  const remove = (): Promise<void> => rm(dir, { recursive: true, force: true });
  try {
    const untimed = await startPostgres({ dir });
    try {
      await run(untimed.url, 'ALTER SYSTEM SET track_commit_timestamp = on');
    } finally {
      await untimed.stop();
    }
    const { url, stop } = await startPostgres({ dir });
    const pid = Number(readFileSync(join(dir, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
    return {
      url,
      pid,
      database: async (name) => {
        await run(url, `CREATE DATABASE ${name}`);
        const made = new URL(url);
        made.pathname = `/${name}`;
        return made.href;
      },
      stop: async () => {
        await stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function run(connectionString: string, sql: string): Promise<void> {
  const session = new pg.Client({ connectionString, application_name: 'backstep bench' });
  await session.connect();
  try {
    await session.query(sql);
  } finally {
    await session.end();
  }
}
