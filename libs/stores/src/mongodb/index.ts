import type { Collection, Filter, UpdateFilter } from 'mongodb';
import {
  VersionConflictError,
  versionAfter,
  type Json,
  type OutboxRecord,
  type OutboxStore,
  type Versioned,
} from '../versioned-store.js';

/** The document of a row. */
export interface MongoRow<V extends Json = Json> {
  readonly _id: string;
  readonly value: V;
  readonly version: number;
  /** Records that wait to be sent: in the row's own document, because one document is what MongoDB writes atomically anywhere. */
  readonly outbox: OutboxRecord[];
}

/** For rows: what was acknowledged by one member alone is lost when that member is. */
const ACKNOWLEDGED_BY_MOST = { writeConcern: { w: 'majority' } } as const;
const DUPLICATE_KEY = 11000;

/**
 * Rows in MongoDB. The version stands in the filter of the update; matched 0 is a conflict. Neither looks first nor needs a transaction, so
 * a single server will do.
 */
export class MongoStore<V extends Json = Json> implements OutboxStore<V> {
  constructor(private readonly rows: Collection<MongoRow<V>>) {}

  async get(key: string): Promise<Versioned<V> | undefined> {
    const row = await this.rows.findOne({ _id: key } as Filter<MongoRow<V>>, { readPreference: 'primary' });
    return row ? { value: row.value as V, version: row.version } : undefined;
  }

  put(key: string, value: V, expected: number | undefined): Promise<number> {
    return this.write(key, value, expected, []);
  }

  putWithRecord(key: string, value: V, expected: number | undefined, record: OutboxRecord): Promise<number> {
    return this.write(key, value, expected, [record]);
  }

  async recordsOf(key: string): Promise<OutboxRecord[]> {
    const row = await this.rows.findOne({ _id: key } as Filter<MongoRow<V>>, { readPreference: 'primary' });
    return (row?.outbox ?? []) as OutboxRecord[];
  }

  private async write(key: string, value: V, expected: number | undefined, records: OutboxRecord[]): Promise<number> {
    const version = versionAfter(expected);
    const isWritten =
      expected === undefined
        ? await this.insert({ _id: key, value, version, outbox: records })
        : await this.update(key, expected, { value, version }, records);
    if (!isWritten) throw new VersionConflictError(key, expected);
    return version;
  }

  private async insert(row: MongoRow<V>): Promise<boolean> {
    try {
      await this.rows.insertOne(row as Parameters<typeof this.rows.insertOne>[0], ACKNOWLEDGED_BY_MOST);
      return true;
    } catch (error) {
      if ((error as { code?: number }).code === DUPLICATE_KEY) return false;
      throw error;
    }
  }

  private async update(
    key: string,
    expected: number,
    $set: Pick<MongoRow<V>, 'value' | 'version'>,
    records: OutboxRecord[],
  ): Promise<boolean> {
    const change = { $set, ...(records.length > 0 && { $push: { outbox: { $each: records } } }) };
    const filter = { _id: key, version: expected } as Filter<MongoRow<V>>;
    const { matchedCount } = await this.rows.updateOne(
      filter,
      change as unknown as UpdateFilter<MongoRow<V>>,
      ACKNOWLEDGED_BY_MOST,
    );
    return matchedCount === 1;
  }
}
