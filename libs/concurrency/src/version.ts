import { Column } from 'typeorm';

const versionProperties = new WeakMap<object, string>();

/**
 * The version of the row: 1 when inserted, one more with each write, and checked on every write.
 *
 * TypeORM's own `@VersionColumn` counts but never checks: `save()` updates by id only, so a lost update goes unseen.
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
 * Rows of this entity are kept in memory from one batch to the next, and not read again while they are: for rows that, as a rule, only
 * this process writes, and soon again. Whether they still are what they were is checked by the write, so a stale copy costs a second
 * try and nothing else. The entity must be plain data: what is stored must come back as it was (no columns that the database makes up).
 */
export function Remembered(): ClassDecorator {
  return (target) => void remembered.add(target);
}

export const isRemembered = (entity: EntityClass): boolean => remembered.has(entity);

/** Whether the class declares a `@Version()`. */
export const hasVersion = (entity: EntityClass): boolean => versionProperties.has(entity);

/** @throws Error when the class declares none: a row without a version would be overwritten unseen. */
export function versionPropertyOf(entity: EntityClass): string {
  const property = versionProperties.get(entity);
  if (property === undefined) throw new Error(`${entity.name} has no @Version() column`);
  return property;
}

export type EntityClass<E = unknown> = abstract new (...args: never[]) => E;

/** A row: its data, its key, its version. */
export type Versioned = { readonly version: number };
