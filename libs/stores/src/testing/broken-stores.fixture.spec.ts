import { setImmediate as turn } from 'node:timers/promises';
import {
  VersionConflictError,
  type Json,
  type OutboxRecord,
  type OutboxStore,
  type Versioned,
} from '../versioned-store.js';

interface Row {
  value: Json;
  version: number;
  records: OutboxRecord[];
}

/** Rows that clients of one kind share. Each step is a round trip: others come in between. */
export abstract class BrokenStore implements OutboxStore {
  constructor(protected readonly rows: Map<string, Row>) {}

  async get(key: string): Promise<Versioned<Json> | undefined> {
    await turn();
    const row = this.rows.get(key);
    return row && { value: row.value, version: row.version };
  }

  async recordsOf(key: string): Promise<OutboxRecord[]> {
    await turn();
    return this.rows.get(key)?.records ?? [];
  }

  abstract put(key: string, value: Json, expected: number | undefined): Promise<number>;

  async putWithRecord(key: string, value: Json, expected: number | undefined, record: OutboxRecord): Promise<number> {
    const version = await this.put(key, value, expected);
    this.append(key, record);
    return version;
  }

  protected append(key: string, record: OutboxRecord): void {
    this.rows.get(key)?.records.push(record);
  }

  protected async write(key: string, value: Json, version?: number): Promise<number> {
    await turn();
    const row = this.rows.get(key);
    const next = version ?? (row?.version ?? 0) + 1;
    this.rows.set(key, { value, version: next, records: row?.records ?? [] });
    return next;
  }

  protected async compare(key: string, expected: number | undefined): Promise<void> {
    if ((await this.get(key))?.version !== expected) throw new VersionConflictError(key, expected);
  }

  /** As it should be: nothing comes between the comparison and the write. */
  protected async compareAndWrite(key: string, value: Json, expected: number | undefined): Promise<number> {
    await turn();
    const row = this.rows.get(key);
    if (row?.version !== expected) throw new VersionConflictError(key, expected);
    this.rows.set(key, { value, version: (expected ?? 0) + 1, records: row?.records ?? [] });
    return (expected ?? 0) + 1;
  }
}

export class IgnoresExpected extends BrokenStore {
  put(key: string, value: Json): Promise<number> {
    return this.write(key, value);
  }
}

export class LooksAndThenWrites extends BrokenStore {
  async put(key: string, value: Json, expected: number | undefined): Promise<number> {
    await this.compare(key, expected);
    return this.write(key, value, (expected ?? 0) + 1);
  }
}

/** Right for one process, and only there. */
export class LocksInItsOwnProcess extends BrokenStore {
  private last: Promise<unknown> = Promise.resolve();

  put(key: string, value: Json, expected: number | undefined): Promise<number> {
    const next = this.last.then(async () => {
      await this.compare(key, expected);
      return this.write(key, value, (expected ?? 0) + 1);
    });
    this.last = next.catch(() => undefined);
    return next;
  }
}

export class CreatesOverWhatIsThere extends BrokenStore {
  put(key: string, value: Json, expected: number | undefined): Promise<number> {
    return expected === undefined ? this.write(key, value, 1) : this.compareAndWrite(key, value, expected);
  }
}

export class CreatesWhatIsExpected extends BrokenStore {
  async put(key: string, value: Json, expected: number | undefined): Promise<number> {
    if (!this.rows.has(key)) return this.write(key, value, (expected ?? 0) + 1);
    return this.compareAndWrite(key, value, expected);
  }
}

/** As with `modifiedCount` of MongoDB, or an `UPDATE` that leaves out what has not changed. */
export class CountsChangesOnly extends BrokenStore {
  async put(key: string, value: Json, expected: number | undefined): Promise<number> {
    const row = this.rows.get(key);
    const isSame = row?.version === expected && JSON.stringify(row?.value) === JSON.stringify(value);
    return isSame && expected !== undefined ? expected : this.compareAndWrite(key, value, expected);
  }
}

export class TakesNewerVersionsToo extends BrokenStore {
  async put(key: string, value: Json, expected: number | undefined): Promise<number> {
    const row = this.rows.get(key);
    const isNewer = row !== undefined && expected !== undefined && expected > row.version;
    return this.compareAndWrite(key, value, isNewer ? row.version : expected);
  }
}

export class RecordsWhatIsRefused extends BrokenStore {
  put(key: string, value: Json, expected: number | undefined): Promise<number> {
    return this.compareAndWrite(key, value, expected);
  }

  override async putWithRecord(
    key: string,
    value: Json,
    expected: number | undefined,
    record: OutboxRecord,
  ): Promise<number> {
    this.append(key, record);
    const version = await this.put(key, value, expected);
    if (expected === undefined) this.append(key, record);
    return version;
  }
}

export class ForgetsTheRecord extends RecordsWhatIsRefused {
  override putWithRecord(key: string, value: Json, expected: number | undefined): Promise<number> {
    return this.put(key, value, expected);
  }
}

/** With a version that begins again, a stale writer of the first life is taken for one of the second. */
export class SaysAnotherVersion extends BrokenStore {
  async put(key: string, value: Json, expected: number | undefined): Promise<number> {
    await this.compareAndWrite(key, value, expected);
    return 1;
  }
}
