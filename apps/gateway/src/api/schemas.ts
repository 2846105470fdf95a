import { z } from 'zod';
import type { SchemaObject } from './openapi-types.js';

export const reference = (id: string): SchemaObject => ({ $ref: `#/components/schemas/${id}` });

/** Makes JSON Schemas of zod schemas, for a document. A schema with an id (`.meta({ id })`) is a component, which is there once. */
export class Schemas {
  readonly components: Readonly<Record<string, SchemaObject>>;

  constructor(bodies: readonly z.ZodType[]) {
    const all = z.object(Object.fromEntries(bodies.map((schema, index) => [index, schema])));
    this.components = toJsonSchema(all, 'input').$defs ?? {};
  }

  /** The schema of a body: a reference when it is a component. */
  of(schema: z.ZodType): SchemaObject {
    const id = z.globalRegistry.get(schema)?.id;
    return id === undefined ? toJsonSchema(schema, 'input') : reference(id);
  }

  /** The schema of a parameter, in place. A converted parameter is described by its type after conversion: `limit` is an integer. */
  ofParameter(schema: z.ZodType): SchemaObject {
    const leaveOut = ['$schema', '$defs'];
    const read = toJsonSchema(schema, 'output', leaveOut);
    // A parameter that is converted to a type without a JSON form is described as text.
    return isOfAnyType(read) ? toJsonSchema(schema, 'input', leaveOut) : read;
  }
}

const isOfAnyType = (schema: SchemaObject): boolean =>
  schema.type === undefined && schema.enum === undefined && schema.anyOf === undefined && schema.const === undefined;

const CONTROL = String.raw`\x00-\x1f\x7f-\x9f`;
/**
 * `line` of the contracts. It is trimmed before it is measured, so something other than white space must be there; to JavaScript the byte
 * order mark is white space as well.
 */
const LINE = {
  checked: JSON.stringify(`^[^${CONTROL}]*$`),
  documented: JSON.stringify(`^[^${CONTROL}]*[^${CONTROL}\\s\ufeff][^${CONTROL}]*$`),
};

type WithDefinitions = SchemaObject & { readonly $defs?: Readonly<Record<string, SchemaObject>> };

/** Without `$schema`: the document names its dialect once. */
function toJsonSchema(
  schema: z.ZodType,
  io: 'input' | 'output',
  leaveOut: readonly string[] = ['$schema'],
): WithDefinitions {
  // Transforms cannot be represented. Only headers have any, and their text may be anything.
  const described: unknown = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  const text = JSON.stringify(described, (name, value: unknown) => (leaveOut.includes(name) ? undefined : value));
  return JSON.parse(
    text.replaceAll('"#/$defs/', '"#/components/schemas/').replaceAll(LINE.checked, LINE.documented),
  ) as WithDefinitions;
}
