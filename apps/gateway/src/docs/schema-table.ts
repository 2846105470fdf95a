import type { SchemaObject } from '../api/openapi-types.js';
import { code, html, type Html, markdown } from './html.js';

/** The fields of an object, or the type of anything else. */
export function schemaTable(schema: SchemaObject): Html {
  const { properties, required = [], description } = schema;
  const about = description === undefined ? html`` : markdown(description);
  if (!properties)
    return html`${about}
      <p>${typeText(schema)}</p>`;
  return html`${about}
    <table>
      ${rows(properties, required, '')}
    </table>`;
}

/** Fields of fields are rows of their own, named by their path. */
const rows = (
  properties: NonNullable<SchemaObject['properties']>,
  required: readonly string[],
  prefix: string,
): Html[] =>
  Object.entries(properties).flatMap(([name, field]) => {
    const inner = objectIn(field);
    return [
      html`<tr>
        <td>${code(prefix + name)}${required.includes(name) ? html`` : html` <em>optional</em>`}</td>
        <td>${typeText(field)}</td>
        <td>${markdown(field.description ?? '')}</td>
      </tr>`,
      ...(inner?.properties ? rows(inner.properties, inner.required ?? [], `${prefix}${name}.`) : []),
    ];
  });

/** The object that a field is, is a list of, or may be null instead of. */
function objectIn(schema: SchemaObject): SchemaObject | undefined {
  if (schema.properties) return schema;
  if (schema.items) return objectIn(schema.items);
  return schema.anyOf?.map(objectIn).find((found) => found !== undefined);
}

/** A type in a line: `string (uuid)`, `integer 1…100`, `Order[]`. */
export function typeText(schema: SchemaObject): Html {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return html`<a href="#${name}">${name}</a>`;
  }
  if (schema.anyOf) return schema.anyOf.map(typeText).reduce((all, one) => html`${all} | ${one}`);
  if (schema.enum) return html`${schema.enum.map((value) => JSON.stringify(value)).join(' | ')}`;
  if (schema.const !== undefined) return html`${JSON.stringify(schema.const)}`;
  if (schema.items) return html`${typeText(schema.items)}[] ${range(schema.minItems, schema.maxItems)}`;
  const format = schema.format === undefined ? '' : ` (${schema.format})`;
  const fallback = schema.default === undefined ? '' : `, default ${JSON.stringify(schema.default)}`;
  const limits =
    schema.type === 'string' ? range(schema.minLength, schema.maxLength) : range(schema.minimum, schema.maximum);
  return html`${schema.type ?? 'anything'}${format} ${limits}${fallback}`;
}

function range(min: number | undefined, max: number | undefined): string {
  const ceiling = max === undefined || max >= Number.MAX_SAFE_INTEGER ? '' : String(max);
  const floor = min === undefined || min <= Number.MIN_SAFE_INTEGER ? '' : String(min);
  return floor === '' && ceiling === '' ? '' : `${floor}…${ceiling}`;
}
