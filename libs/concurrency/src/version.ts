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

/** @throws Error when the class declares none: a row without a version would be overwritten unseen. */
export function versionPropertyOf(entity: EntityClass): string {
  const property = versionProperties.get(entity);
  if (property === undefined) throw new Error(`${entity.name} has no @Version() column`);
  return property;
}

export type EntityClass<E = unknown> = abstract new (...args: never[]) => E;

/** A row: its data, its key, its version. */
export type Versioned = { readonly version: number };
