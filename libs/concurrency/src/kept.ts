import { Column } from 'typeorm';
import { changedFields, digestOf, type FieldPath } from './fields.js';
import type { EntityClass } from './version.js';

/** One change of a row, as its log keeps it. */
export interface KeptChange {
  /** The version of the row from this change on. */
  readonly version: number;
  /** RFC 3339. The clock of the process that decided: for display, never for ordering. */
  readonly at: string;
  /** Who asked for the change, where the request said so. */
  readonly by?: string;
  /** Each field that changed, with a digest of its value before (`digestOf`); null for a field whose values are not to be known. */
  readonly was: Readonly<Record<FieldPath, string | null>>;
  /** The operations that the change was made of, for `rebase`. */
  readonly ops?: readonly unknown[];
}

/** What a change log keeps. */
export interface KeptOptions {
  /** Changes in the log, 1 to 1,000. Older ones are dropped with the next write. */
  readonly versions: number;
  /**
   * Properties of whose values no digest is kept. A digest has no salt: whoever reads the database finds a value by trying all that it can be,
   * which for a PIN or a telephone number takes seconds.
   */
  readonly secret?: readonly string[];
  /**
   * `'with the row'`, the default: every change is kept. `'with the first edit'`: the column stays null, and nothing is kept, until somebody
   * edits the row (`EditHandler`). It is for rows of which few are ever edited; an edit of a version before the first edit is refused when it is stale.
   */
  readonly begins?: 'with the row' | 'with the first edit';
}

/** The change log of an entity. */
export interface ChangeLog extends KeptOptions {
  readonly property: string;
}

const VERSIONS_MAX = 1_000;
/** The largest log, as JSON. Beyond it older changes are dropped before `versions` is reached; the newest stays. */
export const KEPT_CHARACTERS_MAX = 65_536;

const kept = new WeakMap<object, ChangeLog>();

/**
 * The last changes of the row, oldest first: `@Kept({ versions: 50 }) changes?: readonly KeptChange[] | null`, a nullable `jsonb` column.
 * The unit of work writes it with the row, so that a later request can be told, or can work out, what changed since the version it began from.
 *
 * Kept are the names of changed fields, when they changed, by whom, and digests of the values before: no value, but what can be guessed can be
 * found (see {@link KeptOptions.secret}). The log is read and written
 * with its row, so it is for rows that people edit, and not for those that change many times a second. A write that goes around the
 * unit of work leaves a gap in the log, which is noticed.
 */
export function Kept(options: KeptOptions): PropertyDecorator {
  return (target, property) => {
    const { name } = target.constructor;
    if (!Number.isInteger(options.versions) || options.versions < 1 || options.versions > VERSIONS_MAX) {
      throw new Error(`@Kept of ${name}: versions must be a whole number from 1 to ${VERSIONS_MAX}`);
    }
    Column('jsonb', { nullable: true })(target, property);
    kept.set(target.constructor, { ...options, property: String(property) });
  };
}

/** The change log of this entity; undefined when it declares no `@Kept()`. */
export const keptOf = (entity: EntityClass): ChangeLog | undefined => kept.get(entity);

/** The changes that led from version `basis` to `version`, oldest first; undefined when the log does not have them all. */
export function changesSince(
  log: readonly KeptChange[] | null | undefined,
  basis: number,
  version: number,
): readonly KeptChange[] | undefined {
  if (basis > version) return undefined;
  const since = (log ?? []).filter((change) => change.version > basis && change.version <= version);
  const whole = since.every((change, index) => change.version === basis + 1 + index);
  return whole && since.length === version - basis ? since : undefined;
}

/** When a change was made, by whom, and of which operations. */
export interface ChangeMade {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly by?: string | undefined;
  readonly ops?: readonly unknown[] | undefined;
  /** Somebody edits the row: a log that has not begun begins now. */
  readonly edit?: boolean | undefined;
}

/**
 * The log of a row after one more change.
 * @param before undefined for a new row: its log is empty
 * @returns null while the log has not begun
 */
export function logAfter(
  { property, versions, secret = [], begins = 'with the row' }: ChangeLog,
  properties: readonly string[],
  before: Readonly<Record<string, unknown>> | undefined,
  after: Readonly<Record<string, unknown>>,
  version: number,
  { now, by, ops, edit = false }: ChangeMade,
): readonly KeptChange[] | null {
  const isLate = begins === 'with the first edit';
  if (before === undefined) return isLate ? null : [];
  const known = (before[property] ?? null) as readonly KeptChange[] | null;
  if (isLate && known === null && !edit) return null;
  const was = Object.fromEntries(
    [...changedFields(before, after, properties)].map(([field, value]) => [
      field,
      secret.includes(field.split('/')[0] ?? '') ? null : digestOf(value),
    ]),
  );
  const change: KeptChange = {
    version,
    at: new Date(now).toISOString(),
    ...(by !== undefined && { by }),
    was,
    ...(ops !== undefined && { ops }),
  };
  return bounded([...(known ?? []), change].slice(-versions));
}

function bounded(log: readonly KeptChange[]): readonly KeptChange[] {
  const lengths = log.map((change) => JSON.stringify(change).length);
  let total = lengths.reduce((sum, length) => sum + length, 0);
  let dropped = 0;
  while (total > KEPT_CHARACTERS_MAX && dropped < log.length - 1) total -= lengths[dropped++] ?? 0;
  return log.slice(dropped);
}
