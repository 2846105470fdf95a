import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@backstep/infrastructure';

/** Starts a PostgreSQL of its own for `work`, with fsync and synchronous_commit on, and removes it afterwards, also after a failure. */
export async function onOwnPostgres<T>(work: (url: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'backstep-bench-'));
  try {
    const postgres = await startPostgres({ dir });
    try {
      return await work(postgres.url);
    } finally {
      await postgres.stop();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
