import { Column } from 'typeorm';

const versionProperties = new WeakMap<object, string>();

/**
 * The version of the row: 1 when inserted, one more with each write, and checked by every write.
 *
 * TypeORM's own `@VersionColumn` counts and never checks: `save()` updates by id only, so a lost update goes unnoticed.
 * Write rows that carry this decorator through {@link VersionedRepository} or through the unit of work, never with `save()`.
 */
export function Version(): PropertyDecorator {
  return (target, property) => {
    Column('integer')(target, property);
    versionProperties.set(target.constructor, String(property));
  };
}

const remembered = new WeakSet<object>();

/**
 * Rows of this entity stay in memory from one batch to the next and are not read again meanwhile. It is for rows that, as a rule, only this
 * process writes, several times within a short time. Every write checks their versions, so a stale copy costs a second attempt and nothing
 * else. The entity must be plain data: a row must be read as it was written (no columns that the database computes).
 */
export function Remembered(): ClassDecorator {
  return (target) => void remembered.add(target);
}

/** Whether the class declares `@Remembered()`. */
export const isRemembered = (entity: EntityClass): boolean => remembered.has(entity);

/** Whether the class declares a `@Version()`. */
export const hasVersion = (entity: EntityClass): boolean => versionProperties.has(entity);

/** @throws Error when the class declares no `@Version()`: its rows would be overwritten unnoticed. */
export function versionPropertyOf(entity: EntityClass): string {
  const property = versionProperties.get(entity);
  if (property === undefined) throw new Error(`${entity.name} has no @Version() column`);
  return property;
}

/** The class of a TypeORM entity. */
export type EntityClass<E = unknown> = abstract new (...args: never[]) => E;

/** A row: its data, its key, its version. */
export type Versioned = { readonly version: number };
