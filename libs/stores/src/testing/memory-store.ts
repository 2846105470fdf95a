import {
  VersionConflictError,
  versionAfter,
  type Json,
  type OutboxRecord,
  type OutboxStore,
  type Versioned,
} from '../versioned-store.js';

interface Row {
  readonly value: string;
  readonly version: number;
  readonly records: readonly OutboxRecord[];
}

/** A correct store in this process, for specs of what is built on one. Values are kept as text, so that nobody shares them. */
export class MemoryStore<V extends Json = Json> implements OutboxStore<V> {
  protected readonly rows: Map<string, Row>;

  /** @param shared another client of the same rows */
  constructor(shared?: MemoryStore<V>) {
    this.rows = shared?.rows ?? new Map<string, Row>();
  }

  async get(key: string): Promise<Versioned<V> | undefined> {
    const row = this.rows.get(key);
    return Promise.resolve(row && { value: JSON.parse(row.value) as V, version: row.version });
  }

  put(key: string, value: V, expected: number | undefined): Promise<number> {
    return this.write(key, value, expected, []);
  }

  putWithRecord(key: string, value: V, expected: number | undefined, record: OutboxRecord): Promise<number> {
    return this.write(key, value, expected, [record]);
  }

  recordsOf(key: string): Promise<OutboxRecord[]> {
    return Promise.resolve([...(this.rows.get(key)?.records ?? [])]);
  }

  private async write(
    key: string,
    value: V,
    expected: number | undefined,
    records: readonly OutboxRecord[],
  ): Promise<number> {
    const version = versionAfter(expected);
    const row = this.rows.get(key);
    if (row?.version !== expected) throw new VersionConflictError(key, expected);
    this.rows.set(key, { value: JSON.stringify(value), version, records: [...(row?.records ?? []), ...records] });
    return Promise.resolve(version);
  }
}
