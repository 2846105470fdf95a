import { newId, type DataOf, type MessageDefinition } from '@backstep/messages';

/** Tried in turn for a missing field: the first that the schema accepts is taken. */
const SAMPLES: readonly unknown[] = [undefined, newId(), 'sample', 1, 0, true, [], {}];

/**
 * Data for a message, so that a script names only the fields that matter: the given value of a field; else the field of that name in one of
 * the sources (the answered command, the start event); else any value that the schema accepts.
 * @throws Error naming the field that has to be given
 */
export function sampleOf<D extends MessageDefinition>(
  definition: D,
  given: Partial<DataOf<D>>,
  ...sources: readonly Readonly<Record<string, unknown>>[]
): DataOf<D> {
  const data: Record<string, unknown> = { ...given };
  for (const field of Object.keys(definition.schema.shape)) {
    if (field in given) continue;
    const found = sources.find((source) => field in source && accepts(definition, field, source[field]));
    const value = found ? found[field] : SAMPLES.find((sample) => accepts(definition, field, sample));
    if (value !== undefined) data[field] = value;
  }
  return parsed(definition, data);
}

/** @throws Error when the data does not match the message's schema */
export function parsed<D extends MessageDefinition>(definition: D, data: Readonly<Record<string, unknown>>): DataOf<D> {
  const result = definition.schema.safeParse(data);
  if (result.success) return result.data as DataOf<D>;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`${definition.name} does not match its schema: ${problems.join('; ')}`);
}

const accepts = ({ schema }: MessageDefinition, field: string, value: unknown): boolean =>
  !schema.safeParse({ [field]: value }).error?.issues.some(({ path }) => path[0] === field);
