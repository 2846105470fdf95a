import { createHash } from 'node:crypto';

/**
 * The name of a field: that of a property, or a path of names into a JSON column, `address/street`. It is a JSON Pointer (RFC 6901) without
 * its first slash.
 */
export type FieldPath = string;

/** Fields of one change. Beyond it, JSON columns are named as a whole. */
const FIELDS_MAX = 64;
/** 96 bits: two different values practically never have the same digest. */
const DIGEST_CHARACTERS = 16;

type Json = Readonly<Record<string, unknown>>;

/** An object in the sense of JSON: no list, no date, not null. */
export const isJsonObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** The path of a member of `parent`; of a property where `parent` is empty. */
export const fieldPath = (parent: FieldPath, name: string): FieldPath => {
  const escaped = name.replaceAll('~', '~0').replaceAll('/', '~1');
  return parent === '' ? escaped : `${parent}/${escaped}`;
};

/** True when the fields are one, or one is a part of the other. */
export const fieldsOverlap = (a: FieldPath, b: FieldPath): boolean =>
  a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

/** @returns undefined where there is nothing */
export function valueAt(value: unknown, path: FieldPath): unknown {
  let found = value;
  for (const escaped of path.split('/')) {
    const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    found = isJsonObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return found;
}

/** Whether both are the same as JSON. The order of an object's names does not count; null and absent are the same. */
export const sameValue = (a: unknown, b: unknown): boolean => Object.is(a, b) || canonical(a) === canonical(b);

/** A digest of the value as JSON: equal for values that are the {@link sameValue}. */
export const digestOf = (value: unknown): string =>
  createHash('sha256').update(canonical(value)).digest('base64url').slice(0, DIGEST_CHARACTERS);

const canonical = (value: unknown): string => JSON.stringify(value ?? null, (_, part: unknown) => sorted(part));

function sorted(part: unknown): unknown {
  if (!isJsonObject(part)) return part;
  const present = Object.entries(part).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(present.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The fields of these properties that differ, each with its value before. JSON objects are compared name by name, lists as a whole. */
export function changedFields(
  before: Json,
  after: Json,
  properties: readonly string[],
): ReadonlyMap<FieldPath, unknown> {
  const whole = new Map<FieldPath, unknown>();
  const fields = new Map<FieldPath, unknown>();
  for (const property of properties) {
    if (sameValue(before[property], after[property])) continue;
    whole.set(fieldPath('', property), before[property]);
    differences(fieldPath('', property), before[property], after[property], fields);
  }
  return fields.size > FIELDS_MAX ? whole : fields;
}

function differences(path: FieldPath, before: unknown, after: unknown, found: Map<FieldPath, unknown>): void {
  if (!isJsonObject(before) || !isJsonObject(after)) {
    found.set(path, before);
    return;
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!sameValue(before[name], after[name])) differences(fieldPath(path, name), before[name], after[name], found);
  }
}
