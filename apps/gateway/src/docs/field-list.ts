import type { OpenApiDocument, SchemaObject } from '../api/openapi-types.js';
import { code, html, type Html, markdown } from './html.js';

/** One field or parameter: its name, its type, its description. */
export interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly schema: SchemaObject;
  readonly description: string | undefined;
  /** Beside the type, such as `header`. */
  readonly place?: string;
}

/** Longer patterns are left out: the description says more. */
const PATTERN_MAX_CHARACTERS = 48;

export const fieldList = (fields: readonly Field[]): Html =>
  html`<ul class="fields">
    ${fields.map(fieldItem)}
  </ul>`;

function fieldItem({ name, required, schema, description, place }: Field): Html {
  const about = description ?? schema.description;
  const inner = objectIn(schema);
  return html`<li>
    <code>${name}</code> <span class="type">${typeText(schema)}</span>
    ${place === undefined ? html`` : html`<span class="muted">in ${place}</span>`}
    ${required ? html`<span class="required">required</span>` : html``}
    ${about === undefined ? html`` : markdown(about)} ${patternText(schema)}
    ${inner ? fieldList(fieldsOf(inner)) : html``}
  </li>`;
}

/** Of an object. */
export const fieldsOf = ({ properties = {}, required = [] }: SchemaObject): Field[] =>
  Object.entries(properties).map(([name, schema]) => ({
    name,
    required: required.includes(name),
    schema,
    description: schema.description,
  }));

/** The target of a reference. */
export function resolved(schema: SchemaObject, { components }: OpenApiDocument): SchemaObject {
  return schema.$ref === undefined ? schema : (components.schemas[nameOf(schema.$ref)] ?? {});
}

const nameOf = (reference: string): string => reference.split('/').at(-1) ?? '';

/** The object in a field: its own type, that of a list's items, or that of a nullable field. */
function objectIn(schema: SchemaObject): SchemaObject | undefined {
  if (schema.properties) return schema;
  if (schema.items) return objectIn(schema.items);
  return schema.anyOf?.map(objectIn).find((found) => found !== undefined);
}

function patternText({ pattern, format }: SchemaObject): Html {
  if (pattern === undefined || format !== undefined || pattern.length > PATTERN_MAX_CHARACTERS) return html``;
  return html`<p class="muted">matches ${code(pattern)}</p>`;
}

/** A type in one line: `string (uuid)`, `integer 1…100`, `Order[]`. */
export function typeText(schema: SchemaObject): Html {
  if (schema.$ref !== undefined) return html`<a href="#${nameOf(schema.$ref)}">${nameOf(schema.$ref)}</a>`;
  if (schema.allOf?.[0]) return typeText(schema.allOf[0]);
  if (schema.anyOf) return schema.anyOf.map(typeText).reduce((all, one) => html`${all} | ${one}`);
  if (schema.enum) return html`${schema.enum.map((value) => JSON.stringify(value)).join(' | ')}`;
  if (schema.const !== undefined) return html`${JSON.stringify(schema.const)}`;
  if (schema.items) return html`${typeText(schema.items)}[] ${range(schema.minItems, schema.maxItems, 'items')}`;
  const format = schema.format === undefined ? '' : ` (${schema.format})`;
  const fallback = schema.default === undefined ? '' : `, default ${JSON.stringify(schema.default)}`;
  const limits =
    schema.type === 'string'
      ? range(schema.minLength, schema.maxLength, 'characters')
      : range(schema.minimum, schema.maximum);
  return html`${[`${schema.type ?? 'anything'}${format}`, limits].filter((part) => part !== '').join(' ')}${fallback}`;
}

function range(min: number | undefined, max: number | undefined, unit = ''): string {
  const ceiling = max === undefined || max >= Number.MAX_SAFE_INTEGER ? '' : max.toLocaleString('en');
  const floor = min === undefined || min <= Number.MIN_SAFE_INTEGER ? '' : min.toLocaleString('en');
  return floor === '' && ceiling === '' ? '' : `${floor}…${ceiling} ${unit}`.trim();
}
