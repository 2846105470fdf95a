import { fieldPath, isJsonObject, type FieldPath } from '@backstep/concurrency';

type Json = Readonly<Record<string, unknown>>;

/** The value after a JSON Merge Patch (RFC 7386): objects are merged name by name, null deletes, anything else replaces. */
export function mergePatch(value: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const merged = new Map(isJsonObject(value) ? Object.entries(value) : []);
  for (const [name, part] of Object.entries(patch)) {
    if (part === null) merged.delete(name);
    else if (part !== undefined) merged.set(name, mergePatch(merged.get(name), part));
  }
  return Object.fromEntries(merged);
}

/**
 * The columns of a row that a JSON Merge Patch changes, for `update`: `update(Baker, baker, patched(baker, edit))`. A column that the patch
 * deletes becomes null.
 */
export function patched<E extends object>(row: E, patch: object): Partial<Omit<E, 'version'>> {
  const columns = row as Json;
  const changed = Object.entries(patch)
    .filter(([, part]) => part !== undefined)
    .map(([name, part]: [string, unknown]) => [name, mergePatch(columns[name], part)]);
  return Object.fromEntries(changed) as Partial<Omit<E, 'version'>>;
}

/** The fields that a patch names, each with its value. */
export function fieldsOf(patch: object, parent: FieldPath = ''): [FieldPath, unknown][] {
  return Object.entries(patch).flatMap(([name, part]: [string, unknown]): [FieldPath, unknown][] => {
    const path = fieldPath(parent, name);
    if (part === undefined) return [];
    return isJsonObject(part) && Object.keys(part).length > 0 ? fieldsOf(part, path) : [[path, part]];
  });
}

/** The patch with these of its fields alone. */
export function withOnly(patch: object, fields: ReadonlySet<FieldPath>, parent: FieldPath = ''): Json {
  const left = Object.entries(patch).flatMap(([name, part]: [string, unknown]): [string, unknown][] => {
    const path = fieldPath(parent, name);
    if (fields.has(path)) return [[name, part]];
    if (!isJsonObject(part)) return [];
    const inner = withOnly(part, fields, path);
    return Object.keys(inner).length > 0 ? [[name, inner]] : [];
  });
  return Object.fromEntries(left);
}
