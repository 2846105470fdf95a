/** Some of an object's fields, at any depth. Arrays must be complete. */
export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;

/** The paths at which `actual` differs from `expected`; none when it matches. */
export function differences(expected: unknown, actual: unknown, path = ''): string[] {
  if (!isObject(expected))
    return Object.is(expected, actual) ? [] : [`${path || 'it'} is ${show(actual)}, not ${show(expected)}`];
  if (!isObject(actual)) return [`${path || 'it'} is ${show(actual)}, not ${show(expected)}`];
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length !== actual.length) {
    return [`${path} has ${actual.length} elements, not ${expected.length}`];
  }
  return Object.entries(expected).flatMap(([key, value]) =>
    differences(value, actual[key], path === '' ? key : `${path}.${key}`),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const show = (value: unknown): string => JSON.stringify(value) ?? 'missing';
