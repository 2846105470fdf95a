import { NO_CONTROL_CHARACTERS } from '../text.js';
import type { ContractSchema, JsonSchema } from './json-schema.js';

/** One reason why a change of a message is refused. */
export interface Incompatibility {
  /** Where in the data, for example `items[].part`; empty for the message as a whole. */
  readonly path: string;
  readonly problem: string;
  /** `reading old`: a new reader gets an old message. `being read`: an old reader gets a new message. */
  readonly when: 'reading old' | 'being read' | 'always';
}

/** Keywords that only describe. They may change freely. */
const ANNOTATIONS = new Set([
  '$schema',
  '$id',
  'title',
  'description',
  'examples',
  'default',
  'x-kind',
  'x-topic',
  'x-key',
]);
const COMPARED = new Set(['type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'const', 'anyOf']);

/** Limits. Where the reader has one, the writer's must be at least as strict. */
const AT_LEAST = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const AT_MOST = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const LIMITS = new Set([...AT_LEAST, ...AT_MOST]);

/**
 * The reasons against changing a message from `before` to `after` within one version. Empty: the change is compatible.
 *
 * Services are deployed one by one and Kafka keeps messages for days, so both directions count. A new reader gets old messages, so it must
 * accept all that the old schema allowed. An old reader gets new messages, so the new schema may allow nothing that the old one refused. Only
 * new optional fields (a reader drops fields it does not know) and other descriptions are compatible. Everything else is a new version beside
 * the old one.
 */
export function incompatibilities(before: ContractSchema, after: ContractSchema): readonly Incompatibility[] {
  const found: Incompatibility[] = [];
  for (const [keyword, called] of [
    ['x-kind', 'kind'],
    ['x-topic', 'topic'],
    ['x-key', 'key'],
  ] as const) {
    if (before[keyword] === after[keyword]) continue;
    const problem = `its ${called} was ${before[keyword]} and would be ${after[keyword]}`;
    found.push({ path: '', problem, when: 'always' });
  }
  for (const path of lostFields(before, after)) found.push({ path, problem: 'the field is gone', when: 'always' });
  for (const refusal of refusals({ reader: after, writer: before })) found.push({ ...refusal, when: 'reading old' });
  for (const refusal of refusals({ reader: before, writer: after })) found.push({ ...refusal, when: 'being read' });
  return found;
}

/** The reasons against replacing the committed schemas by the derived ones, by file name. Files without a reason are left out. */
export function refusedChanges(
  committed: Readonly<Record<string, ContractSchema>>,
  derived: Readonly<Record<string, ContractSchema>>,
): Readonly<Record<string, readonly Incompatibility[]>> {
  const changes = Object.entries(committed).map(([name, before]) => {
    const after = derived[name];
    const gone: Incompatibility = {
      path: '',
      problem: 'the message is gone, and Kafka may still hold some',
      when: 'reading old',
    };
    return [name, after ? incompatibilities(before, after) : [gone]] as const;
  });
  return Object.fromEntries(changes.filter(([, problems]) => problems.length > 0));
}

/** An optional field can be dropped without any reader refusing the message, but its content is lost. So a lost field is refused, too. */
function lostFields(before: JsonSchema, after: JsonSchema): string[] {
  const kept = fieldsOf(after);
  return [...fieldsOf(before)].filter((path) => !kept.has(path));
}

function fieldsOf(schema: JsonSchema, path = ''): Set<string> {
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const own = join(path, name);
    return [own, ...fieldsOf(field, own)];
  });
  const inside = [schema.items].flat().flatMap((items) => (items ? [...fieldsOf(items, `${path}[]`)] : []));
  const alternatives = (schema.anyOf ?? []).flatMap((alternative) => [...fieldsOf(alternative, path)]);
  return new Set([...fields, ...inside, ...alternatives]);
}

interface Sides {
  readonly reader: JsonSchema;
  readonly writer: JsonSchema;
}

type Refusal = Omit<Incompatibility, 'when'>;

/**
 * The reasons why `reader` could refuse a message that `writer` sends. Each keyword of the reader must be met by one of the writer. A keyword
 * that is unknown here must be equal on both sides.
 */
export function refusals({ reader, writer }: Sides, path = ''): readonly Refusal[] {
  if (reader.anyOf || writer.anyOf) return branchRefusals({ reader, writer }, path);
  const otherType = typeProblem({ reader, writer });
  if (otherType) return [{ path, problem: otherType }];
  const problems = [valueProblem, itemsProblem, ...LIMIT_PROBLEMS].flatMap(
    (problem) => problem({ reader, writer }) ?? [],
  );
  for (const keyword of unknownKeywords(reader)) {
    if (!same(oneSpelling(reader[keyword]), oneSpelling(writer[keyword]))) problems.push(`${keyword} is not the same`);
  }
  const own = problems.map((problem) => ({ path, problem }));
  const { items } = reader;
  const inside =
    isSchema(items) && isSchema(writer.items) ? refusals({ reader: items, writer: writer.items }, `${path}[]`) : [];
  return [...own, ...fieldRefusals({ reader, writer }, path), ...inside];
}

/** Each alternative of the writer must be accepted by one of the reader. */
function branchRefusals({ reader, writer }: Sides, path: string): readonly Refusal[] {
  const accepted = alternativesOf(reader);
  return alternativesOf(writer).flatMap((sent, index) => {
    if (accepted.some((one) => refusals({ reader: one, writer: sent }).length === 0)) return [];
    return [{ path, problem: `alternative ${index + 1} (${sent.type ?? 'any type'}) is not accepted` }];
  });
}

/** The alternatives, each with the keywords beside `anyOf`, which hold for all of them. */
function alternativesOf({ anyOf, ...beside }: JsonSchema): readonly JsonSchema[] {
  return anyOf ? anyOf.map((alternative) => ({ ...beside, ...alternative })) : [beside];
}

function fieldRefusals({ reader, writer }: Sides, path: string): readonly Refusal[] {
  const written = writer.properties ?? {};
  const missing = (reader.required ?? [])
    .filter((name) => !writer.required?.includes(name))
    .map((name) => ({ path: join(path, name), problem: 'the field is required and may be absent' }));
  const fields = Object.entries(written).flatMap(([name, schema]) => {
    const expected = reader.properties?.[name] ?? reader.additionalProperties;
    if (expected === false)
      return [{ path: join(path, name), problem: 'the field is not known, and unknown fields are refused' }];
    return isSchema(expected) ? refusals({ reader: expected, writer: schema }, join(path, name)) : [];
  });
  return [...missing, ...fields, ...otherFieldRefusals({ reader, writer }, path)];
}

/**
 * Fields under any name. Where the writer's schema does not mention them it sends none: what is sent was parsed, and parsing drops fields that
 * are not declared.
 */
function otherFieldRefusals({ reader, writer }: Sides, path: string): readonly Refusal[] {
  const others = writer.additionalProperties;
  if (others === undefined || others === false) return [];
  const expected = reader.additionalProperties;
  const at = join(path, '*');
  if (expected === false) return [{ path: at, problem: 'other fields are refused' }];
  return isSchema(expected) ? refusals({ reader: expected, writer: isSchema(others) ? others : {} }, at) : [];
}

function typeProblem({ reader, writer }: Sides): string | undefined {
  if (reader.type === undefined) return undefined;
  const accepted = [reader.type].flat();
  const sent = writer.type === undefined ? ['anything'] : [writer.type].flat();
  const refused = sent.filter(
    (type) => !accepted.includes(type) && !(type === 'integer' && accepted.includes('number')),
  );
  return refused.length > 0 ? `${refused.join(', ')} where ${accepted.join(', ')} is expected` : undefined;
}

function valueProblem({ reader, writer }: Sides): string | undefined {
  const accepted = valuesOf(reader);
  if (!accepted) return undefined;
  const sent = valuesOf(writer);
  if (!sent) return `any value where one of ${show(accepted)} is expected`;
  const refused = sent.filter((value) => !accepted.some((one) => same(one, value)));
  return refused.length > 0 ? `${show(refused)} is not one of ${show(accepted)}` : undefined;
}

const valuesOf = (schema: JsonSchema): readonly unknown[] | undefined =>
  schema.enum ?? ('const' in schema ? [schema.const] : undefined);

/** A schema for all items is compared elsewhere, keyword by keyword. Here a tuple, or items on one side only, is compared by equality. */
function itemsProblem({ reader, writer }: Sides): string | undefined {
  if (reader.items === undefined || (isSchema(reader.items) && isSchema(writer.items))) return undefined;
  return same(reader.items, writer.items) ? undefined : 'its items are not the same';
}

const limitProblem =
  (keyword: string, isKept: (sent: number, accepted: number) => boolean) =>
  ({ reader, writer }: Sides): string | undefined => {
    const accepted = reader[keyword];
    if (typeof accepted !== 'number') return undefined;
    const sent = writer[keyword];
    if (typeof sent === 'number' && isKept(sent, accepted)) return undefined;
    return `${keyword} is ${typeof sent === 'number' ? sent : 'not set'} where ${accepted} is expected`;
  };

const LIMIT_PROBLEMS = [
  ...AT_LEAST.map((keyword) => limitProblem(keyword, (sent, accepted) => sent >= accepted)),
  ...AT_MOST.map((keyword) => limitProblem(keyword, (sent, accepted) => sent <= accepted)),
];

const unknownKeywords = (schema: JsonSchema): string[] =>
  Object.keys(schema).filter((keyword) => !ANNOTATIONS.has(keyword) && !COMPARED.has(keyword) && !LIMITS.has(keyword));

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Patterns of committed schemas, and how they are written now. A spec shows that both take the same texts. */
export const RESPELLED: ReadonlyMap<unknown, string> = new Map([[String.raw`^\P{Cc}*$`, NO_CONTROL_CHARACTERS.source]]);
const oneSpelling = (value: unknown): unknown => RESPELLED.get(value) ?? value;

/** Both sides come from the same generator or its committed output, so the order of their keywords is the same. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const show = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(', ');
const join = (path: string, name: string): string => (path ? `${path}.${name}` : name);
