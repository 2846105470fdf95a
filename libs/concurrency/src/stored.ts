/**
 * A value as a JSON column would give it back, frozen: who changes what it was given meets an error, not the memory of others.
 * What is frozen already is shared and not looked into again, so that of a row in which little has changed little is copied: 3 µs for
 * a saga's instance, where writing and reading it as JSON takes 19.
 */
export function stored(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((item) => stored(item) ?? null));
  if ('toJSON' in value && typeof value.toJSON === 'function') return (value as { toJSON(): unknown }).toJSON();
  // A copy of the same shape, of which only what is not plain is put in anew: building it name by name goes through V8's slow paths.
  const copy = copyOf(value);
  for (const name of Object.keys(copy)) {
    const property = copy[name];
    if (property === undefined) delete copy[name];
    else if (typeof property === 'object') copy[name] = stored(property);
  }
  return Object.freeze(copy);
}

/** Not by `...`, for it will be frozen (decision 0013); unless it has the one name that assigning would take for something else. */
const copyOf = (value: object): Record<string, unknown> => {
  const own = value as Record<string, unknown>;
  return Object.hasOwn(own, '__proto__') ? { ...own } : Object.assign({}, own);
};
