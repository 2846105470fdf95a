import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Answer } from './http-requests.fixture.spec.js';

interface ParameterObject {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
}
interface Schema {
  readonly $ref?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: { readonly type?: { readonly enum?: readonly string[] } };
}
interface ResponseObject {
  readonly headers: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}
interface OperationObject {
  readonly operationId: string;
  readonly parameters: readonly (ParameterObject | { readonly $ref: string })[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, ResponseObject>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly ParameterObject[];
  /** Of its body, as the document has it. */
  readonly example: unknown;
}

const PROBLEM = 'application/problem+json';
const NO_BODY = 'nothing';
const nameOf = (type: string): string => type.split(':').at(-1) ?? '';

/**
 * The served document, and which of what it promises was seen. An answer is `operation status what`, where `what` is the name of its
 * problem, else its media type: `readOrder 404 not-found`, `live 200 application/json`.
 */
export class ApiDocument {
  readonly operations: ReadonlyMap<string, Operation>;
  /** Every answer that some operation documents. */
  readonly answers: readonly string[];
  private readonly seen = new Set<string>();
  private readonly validators = new Map<string, ValidateFunction>();
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(private readonly document: Document) {
    addFormats.default(this.ajv);
    this.ajv.addSchema({ ...(closed(document) as object), $id: 'openapi' });
    const all = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, object]) => ({ path, method, object })),
    );
    this.operations = new Map(all.map((one) => [one.object.operationId, this.operationOf(one)]));
    this.answers = all.flatMap(({ object }) =>
      Object.entries(object.responses).flatMap(([status, response]) =>
        kindsOf(response).map((kind) => `${object.operationId} ${status} ${kind}`),
      ),
    );
  }

  operation(id: string): Operation {
    const found = this.operations.get(id);
    if (!found) throw new Error(`the document has no operation ${id}`);
    return found;
  }

  /** @returns what it is called; and takes it as seen. @throws Error when the operation does not document it, whole. */
  judge(id: string, answer: Answer): string {
    const { path, method } = this.operation(id);
    const { status, mediaType, headers, body } = answer;
    const response = this.document.paths[path]?.[method.toLowerCase()]?.responses[status];
    const kind = mediaType === PROBLEM ? nameOf((body as { type: string }).type) : (mediaType ?? NO_BODY);
    const key = `${id} ${status} ${kind}`;
    if (!response || !this.answers.includes(key)) throw new Error(`${key} is not documented: ${JSON.stringify(body)}`);
    const at = ['paths', path, method.toLowerCase(), 'responses', String(status)];
    if (mediaType?.endsWith('json')) this.validate([...at, 'content', mediaType, 'schema'], body, key);
    for (const [name, value] of Object.entries(headers)) {
      const documented = Object.keys(response.headers).find((one) => one.toLowerCase() === name);
      if (documented === undefined) {
        if (!EVERYWHERE.has(name)) throw new Error(`${key} has the header ${name}, which is not documented`);
        continue;
      }
      this.validate([...at, 'headers', documented, 'schema'], wire(value), `${key}, ${documented}`);
      this.seen.add(`${id} ${status} ${documented}`);
    }
    this.seen.add(key);
    return key;
  }

  /** What is documented and was not seen: answers, and headers of answers. */
  unseen(): string[] {
    const headers = Object.values(this.document.paths).flatMap((methods) =>
      Object.values(methods).flatMap(({ operationId, responses }) =>
        Object.entries(responses).flatMap(([status, response]) =>
          Object.keys(response.headers).map((name) => `${operationId} ${status} ${name}`),
        ),
      ),
    );
    return [...this.answers, ...headers].filter((one) => !this.seen.has(one));
  }

  private validate(place: readonly string[], value: unknown, what: string): void {
    const pointer = place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const validate = this.validators.get(pointer) ?? this.ajv.compile({ $ref: `openapi#/${pointer}` });
    this.validators.set(pointer, validate);
    if (!validate(value)) throw new Error(`${what} is not as documented: ${this.ajv.errorsText(validate.errors)}`);
  }

  private operationOf({ path, method, object }: { path: string; method: string; object: OperationObject }): Operation {
    const body = object.requestBody?.content['application/json']?.schema.$ref?.split('/').at(-1);
    return {
      id: object.operationId,
      method: method.toUpperCase(),
      path,
      parameters: object.parameters.filter((one): one is ParameterObject => 'name' in one),
      example: body === undefined ? undefined : this.document.components.schemas[body]?.examples?.[0],
    };
  }
}

/** Of HTTP itself, and what browsers and proxies heed: the document tells about what is asked. */
const EVERYWHERE = new Set([
  ...['connection', 'keep-alive', 'date', 'content-length', 'content-type', 'transfer-encoding', 'cache-control'],
  ...['x-content-type-options', 'content-security-policy', 'cross-origin-resource-policy', 'referrer-policy'],
  'x-accel-buffering',
]);

const kindsOf = ({ content }: ResponseObject): readonly string[] =>
  content === undefined
    ? [NO_BODY]
    : Object.entries(content).flatMap(([type, { schema }]) =>
        type === PROBLEM ? (schema.properties?.type?.enum ?? []).map(nameOf) : [type],
      );

/** A header is text; what the document calls an integer is written as one. */
const wire = (value: unknown): unknown => (/^\d+$/.test(String(value)) ? Number(value) : value);

/** Members that the document does not name are refused, save where it says that there may be others. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  const isObject = inner['type'] === 'object' && 'properties' in inner;
  return isObject && !('additionalProperties' in inner) ? { ...inner, additionalProperties: false } : inner;
}
