import { Column } from 'typeorm';
import { VersionRangeError } from './errors.js';
import type { VersionStrategy } from './version-strategies.js';

interface DeclaredVersion {
  readonly property: string;
  /** undefined: counted by one. */
  readonly by: VersionStrategy | undefined;
}

const versions = new WeakMap<object, DeclaredVersion>();
/** Some entity of this process has a version that PostgreSQL makes. */
let anyMadeByDatabase = false;

/** The last version: numbers beyond it are not exact in JavaScript, nor in JSON and ETags as most programs read them. 2^53 - 1. */
export const VERSION_MAX = Number.MAX_SAFE_INTEGER;

/** @throws VersionRangeError */
export function checkedVersion(entity: EntityClass, version: number): number {
  if (version > VERSION_MAX) throw new VersionRangeError(entity.name, version);
  return version;
}

/**
 * The version of the row: 1 when inserted, one more with each write, and checked by every write. A `bigint` in the database, a number up
 * to {@link VERSION_MAX} here. (Tables of which it is an `integer` work up to 2,147,483,647: see {@link widenVersionSql}.)
 *
 * TypeORM's own `@VersionColumn` counts and never checks: `save()` updates by id only, so a lost update goes unnoticed.
 * Write rows that carry this decorator through {@link VersionedRepository} or through the unit of work, never with `save()`.
 * @param by another way to make the version: `timestamp()`, `hash('name', 'weight')`, `custom({ next })`
 */
export function Version({ by }: { readonly by?: VersionStrategy } = {}): PropertyDecorator {
  return (target, property) => {
    const { constructor: entity } = target as { constructor: EntityClass };
    versions.set(entity, { property: String(property), by });
    anyMadeByDatabase ||= isMadeByDatabase(entity);
    const to = (version: unknown): unknown => version;
    if (by?.kind === 'hash') return;
    if (by?.kind === 'timestamp') {
      // TypeORM reads times as a Date, which has no microseconds: no version is better than a wrong one.
      Column('timestamptz', { transformer: { from: () => undefined, to } })(target, property);
      return;
    }
    // pg gives a bigint as text.
    const from = (stored: unknown): unknown => (stored === null ? stored : checkedVersion(entity, Number(stored)));
    const name = by?.column;
    Column('bigint', { transformer: { from, to }, ...(name !== undefined && { name }) })(target, property);
  };
}

/**
 * Whether PostgreSQL makes the versions of these rows, in the write (`timestamp()`, `hash()`): then they are not known before the commit.
 * Until then a row that a decision has changed carries the version that was read, and a new one 0.
 */
export const isMadeByDatabase = (entity: EntityClass): boolean =>
  ['timestamp', 'hash'].includes(versions.get(entity)?.by?.kind ?? '');

/** Whether the version is a {@link hash}. */
export const isHashed = (entity: EntityClass): boolean => versions.get(entity)?.by?.kind === 'hash';

/**
 * For what would carry the version of a changed row before the commit.
 * @throws Error when PostgreSQL makes it; `what` begins the sentence, `instead` says what to do
 */
export function refuseUnknownVersion(entity: EntityClass, what: string, instead: string): void {
  // Almost no process has such an entity, and this is asked for every event.
  if (!anyMadeByDatabase || !isMadeByDatabase(entity)) return;
  const by = versions.get(entity)?.by?.kind ?? '';
  throw new Error(
    `${what} carries the version of a changed ${entity.name}, which PostgreSQL makes in the write (${by}()), so that it is not known yet: ${instead}`,
  );
}

const removedProperties = new WeakMap<object, string>();

/**
 * When the row was removed; null while it is there. `removedAt?: Date | null`, a nullable `timestamptz`.
 *
 * A row of such an entity is not deleted when it is removed: it is marked, and its version counts on when it is inserted again. Were it
 * deleted, it would begin again at version 1, and whoever has read version 2 of the first could write over version 2 of the second
 * (ABA). Reads outside of the unit of work leave marked rows out themselves: `WHERE removed_at IS NULL`.
 * @param name of the column; default: that of the property
 */
export function Removed({ name }: { readonly name?: string } = {}): PropertyDecorator {
  return (target, property) => {
    Column('timestamptz', { nullable: true, ...(name !== undefined && { name }) })(target, property);
    removedProperties.set(target.constructor, String(property));
  };
}

/** The property with `@Removed()`; undefined: rows of this entity cannot be removed and inserted again. */
export const removedPropertyOf = (entity: EntityClass): string | undefined => removedProperties.get(entity);

const remembered = new WeakSet<object>();

/**
 * Rows of this entity stay in memory from one batch to the next and are not read again meanwhile. It is for rows that, as a rule, only this
 * process writes, several times within a short time. Every write checks their versions, so a stale copy costs a second attempt and nothing
 * else. The entity must be plain data: a row must be read as it was written (no columns that the database computes). A time may be written as
 * `now`: it is remembered as the time of the write.
 */
export function Remembered(): ClassDecorator {
  return (target) => {
    if (isMadeByDatabase(target as unknown as EntityClass)) {
      throw new Error(
        `${target.name} cannot be @Remembered(): PostgreSQL makes its versions, so this process does not know what it has written last. Give it a @Version() that counts`,
      );
    }
    remembered.add(target);
  };
}

/** Whether the class declares `@Remembered()`. */
export const isRemembered = (entity: EntityClass): boolean => remembered.has(entity);

/** Whether the class declares a `@Version()`. */
export const hasVersion = (entity: EntityClass): boolean => versions.has(entity);

/** @throws Error when the class declares no `@Version()`: its rows would be overwritten unnoticed. */
export function declaredVersionOf(entity: EntityClass): DeclaredVersion {
  const declared = versions.get(entity);
  if (declared === undefined) throw new Error(`${entity.name} has no @Version() column`);
  return declared;
}

/** The property that carries the version. @throws Error when the class declares no `@Version()` */
export const versionPropertyOf = (entity: EntityClass): string => declaredVersionOf(entity).property;

/** The class of a TypeORM entity. */
export type EntityClass<E = unknown> = abstract new (...args: never[]) => E;

/** A row: its data, its key, its version. */
export type Versioned = { readonly version: number };
