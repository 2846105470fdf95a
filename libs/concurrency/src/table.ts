import type { DataSource, EntityMetadata } from 'typeorm';
import { keptOf, logAfter, type ChangeLog, type ChangeMade } from './kept.js';
import { strategyOf, type Strategy } from './contended.js';
import { stored } from './stored.js';
import { guardStatements, writeStatements, type TableGuards, type TableWrites } from './table-statements.js';
import { tableVersion, type TableVersion } from './table-version.js';
import { checkedVersion, isRemembered, removedPropertyOf, type EntityClass } from './version.js';

/** A column of an entity's table. */
export interface TableColumn {
  readonly property: string;
  /** Quoted. */
  readonly name: string;
  readonly type: string;
}

type Row = Record<string, unknown>;

/**
 * An entity's table with one key column and one version column, as a checked write of many rows needs it. The SQL of its statements is made
 * once.
 */
export class VersionedTable<E = unknown> {
  readonly name: string;
  readonly key: TableColumn;
  readonly version: TableVersion;
  /** See {@link Removed}. */
  readonly removed: TableColumn | undefined;
  /** Those whose values a write brings. A version that PostgreSQL makes is not among them. */
  readonly columns: readonly TableColumn[];
  /** `"on_hand" AS "onHand", …`: rows come back under their property names. */
  readonly selectList: string;
  /** The names and the SQL of the parts that write: see {@link insertPart}, {@link updatePart}, {@link deletePart}. */
  readonly writes: TableWrites;
  /** The names and the SQL of the guards: see {@link unchangedGuard}, {@link heldGuard}, {@link lockGuard}, {@link absentGuard}. */
  readonly guards: TableGuards;
  /** See {@link Remembered}. */
  readonly remembered: boolean;
  /** See {@link Kept}. */
  readonly kept: ChangeLog | undefined;
  /** See {@link Contended}. */
  readonly strategy: Strategy;
  private readonly properties: ReadonlySet<string>;
  private readonly dateProperties: readonly string[];
  private readonly loggedProperties: readonly string[];

  constructor(
    readonly entity: EntityClass<E>,
    metadata: EntityMetadata,
  ) {
    this.name = quote(metadata.tableName);
    const columns = metadata.columns.map((column) => ({
      property: column.propertyName,
      name: quote(column.databaseName),
      type: metadata.connection.driver.normalizeType(column) + (column.isArray ? '[]' : ''),
    }));
    this.version = tableVersion(entity, metadata, columns);
    const { property: version, madeByDatabase } = this.version;
    this.columns = madeByDatabase ? columns.filter(({ property }) => property !== version) : columns;
    this.properties = new Set([...this.columns.map(({ property }) => property), version]);
    const [key, second] = metadata.primaryColumns;
    if (!key || second) throw new Error(`${entity.name} must have exactly one primary column`);
    this.key = this.column(key.propertyName);
    const removed = removedPropertyOf(entity);
    this.removed = removed === undefined ? undefined : this.column(removed);
    const selected = this.columns.map((column) => `${column.name} AS "${column.property}"`);
    if (madeByDatabase) selected.push(`${this.version.of('')} AS "${version}"`);
    this.selectList = selected.join(', ');
    this.writes = writeStatements(this);
    this.guards = guardStatements(this);
    this.remembered = isRemembered(entity);
    this.kept = keptOf(entity);
    if (this.kept && !this.version.counted) {
      throw new Error(
        `${entity.name} is @Kept(), so its versions must be counted: the log has one change for each of them`,
      );
    }
    const unlogged = [this.key.property, this.version.property, this.removed?.property, this.kept?.property];
    this.loggedProperties = this.columns.map(({ property }) => property).filter((name) => !unlogged.includes(name));
    this.strategy = strategyOf(entity);
    this.dateProperties = this.columns
      .filter((column) => column.type.startsWith('timestamp'))
      .map((column) => column.property);
  }

  keyOf(row: E): string {
    return this.canonicalKey(String((row as Row)[this.key.property]));
  }

  /** The key as PostgreSQL returns it: a UUID in lower case. */
  canonicalKey(key: string): string {
    return this.key.type === 'uuid' ? key.toLowerCase() : key;
  }

  /** @throws VersionRangeError */
  versionOf(row: E): number {
    return checkedVersion(this.entity, (row as Row)[this.version.property] as number);
  }

  /** @throws VersionRangeError */
  withVersion(row: E, version: number): E {
    return { ...row, [this.version.property]: checkedVersion(this.entity, version) };
  }

  /**
   * The row with its version and, where the entity has `@Kept()`, with this change in its log.
   * @param before undefined: there was no row
   * @throws VersionRangeError
   */
  changed(before: E | undefined, after: E, version: number, made: ChangeMade): E {
    const { kept, loggedProperties } = this;
    if (kept === undefined) return this.withVersion(after, version);
    const log = logAfter(kept, loggedProperties, before as Row | undefined, after as Row, version, made);
    return { ...this.withVersion(after, version), [kept.property]: log };
  }

  /** Whether the row is marked as removed. */
  isRemoved(row: E): boolean {
    return this.removed !== undefined && ((row as Row)[this.removed.property] ?? null) !== null;
  }

  /**
   * The row as it is stored once it is removed, at the time of the database.
   * @throws Error when the entity has no `@Removed()`
   */
  asRemoved(row: E, version: number): E {
    const { removed } = this;
    if (!removed) {
      throw new Error(
        `a ${this.entity.name} cannot be removed: inserted again, it would begin at version 1. Give it a @Removed() column`,
      );
    }
    return { ...row, [this.version.property]: version, [removed.property]: NOW };
  }

  /** Makes dates of the timestamps in a row that came as JSON. Changes `row` itself. */
  revive(row: Row): E {
    for (const property of this.dateProperties) {
      const value = row[property];
      if (typeof value === 'string') row[property] = new Date(value);
    }
    return row as E;
  }

  /** Whether a time of the row is `now`, which the write makes the time of its transaction. */
  isWrittenNow(row: E): boolean {
    return this.dateProperties.some((property) => (row as Row)[property] === NOW);
  }

  /**
   * The row as the database would return it, where its JSON columns and dates have been through text; frozen.
   * @param at the time of the write, where a time of the row is `now`
   */
  asStored(row: E, at?: Date): E {
    // Only this method freezes rows: a frozen row is in its stored form already.
    if (Object.isFrozen(row)) return row;
    const result = this.ofColumns(row as Row);
    for (const property of this.dateProperties) if (result[property] === NOW) result[property] = at;
    for (const { property } of this.columns) {
      const value = result[property];
      if (value === undefined) result[property] = null;
      else if (typeof value === 'object' && !(value instanceof Date)) result[property] = stored(value);
    }
    return Object.freeze(this.revive(result)) as E;
  }

  /** A copy without properties that are no columns. */
  private ofColumns(row: Row): Row {
    const known = Object.keys(row).every((name) => this.properties.has(name));
    // No spread, since the copy will be frozen: see decision 0013.
    return known
      ? Object.assign({}, row)
      : Object.fromEntries(Object.entries(row).filter(([name]) => this.properties.has(name)));
  }

  private column(property: string): TableColumn {
    const found = this.columns.find((column) => column.property === property);
    if (!found) throw new Error(`${this.entity.name} has no column ${property}`);
    return found;
  }
}

/** PostgreSQL reads this text as the time of the transaction. */
const NOW = 'now';

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The tables of a data source. Each is made once. */
export class Tables {
  private readonly byEntity = new Map<EntityClass, VersionedTable>();
  constructor(private readonly dataSource: DataSource) {}

  of<E>(entity: EntityClass<E>): VersionedTable<E> {
    let table = this.byEntity.get(entity);
    if (!table) {
      table = new VersionedTable<unknown>(entity, this.dataSource.getMetadata(entity as unknown as new () => object));
      this.byEntity.set(entity, table);
    }
    return table as VersionedTable<E>;
  }
}
