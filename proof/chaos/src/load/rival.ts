import { setTimeout as delay } from 'node:timers/promises';
import { rowsOf } from '../system/database.js';
import { orUndefined } from '../waiting.js';

const WRITES_EVERY_MS = 100;
/** How long a write takes: services that read the rows before its end have stale rows. */
const WRITE_LASTS_S = 0.1;
const WRITE = `UPDATE stock SET version = version + 1; SELECT pg_sleep(${WRITE_LASTS_S})`;

/**
 * Another writer of the same rows by the same rule: a change adds one to the version. A service that has read such a row and not written it
 * yet must notice. With one instance of each service there would be no other writer.
 */
export class Rival {
  private readonly leaving = new AbortController();
  private writing: Promise<void> | undefined;

  constructor(private readonly inventoryDatabase: string) {}

  start(): void {
    this.writing = this.write();
  }

  async stop(): Promise<void> {
    this.leaving.abort();
    await this.writing;
  }

  private async write(): Promise<void> {
    while (!this.leaving.signal.aborted) {
      await orUndefined(() => rowsOf(this.inventoryDatabase, WRITE));
      await delay(WRITES_EVERY_MS);
    }
  }
}
