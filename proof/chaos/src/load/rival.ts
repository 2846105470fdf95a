import { setTimeout as delay } from 'node:timers/promises';
import { rowsOf } from '../system/database.js';
import { orUndefined } from '../waiting.js';

const WRITES_EVERY_MS = 100;
/** How long a write is under way: who has read the rows before it ends, has read what is not so any more. */
const WRITE_LASTS_S = 0.1;
const WRITE = `UPDATE stock SET version = version + 1; SELECT pg_sleep(${WRITE_LASTS_S})`;

/**
 * Somebody else who writes the same rows by the same rule: what is changed counts its version up. Whoever has read such a row and not
 * written it yet must find that out. With one instance of each service nobody else would ever come in between.
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
