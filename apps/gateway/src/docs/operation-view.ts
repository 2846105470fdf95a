import type {
  HeaderObject,
  LinkObject,
  OpenApiDocument,
  OperationObject,
  ParameterObject,
  ResponseObject,
} from '../api/openapi-types.js';
import { curlExample } from './curl-example.js';
import { exampleOf } from './example.js';
import { type Field, fieldList, fieldsOf, resolved, typeText } from './field-list.js';
import { code, html, type Html, markdown } from './html.js';
import { jsonView } from './json-view.js';

export interface Described {
  readonly path: string;
  readonly method: string;
  readonly operation: OperationObject;
}

const PROBLEM = 'application/problem+json';

/** One operation: its input and answers, with an example of both. */
export function operationView(described: Described, document: OpenApiDocument, common: ReadonlySet<string>): Html {
  const { path, method, operation } = described;
  const { operationId, summary, description, security } = operation;
  const search = [operationId, method, path, summary, description ?? ''].join(' ');
  const canBeTried = method === 'GET' || operationId === 'placeOrder';
  return html`<article
    class="operation"
    id="${operationId}"
    data-search="${search}"
    data-method="${method}"
    data-path="${path}"
    ${canBeTried ? html`data-try` : html``}
  >
    <div>
      <h3><a href="#${operationId}">${summary}</a></h3>
      <p class="where">
        <span class="method ${method}">${method}</span> ${code(path)}
        ${security ? html` <span class="tag">operators</span>` : html``}
      </p>
      ${description === undefined ? html`` : markdown(description)} ${parameters(operation, document)}
      ${body(operation, document)} ${answers(operation)} ${problems(operation, common)}
    </div>
    <div class="samples">
      <figure>
        <figcaption><span>Request</span></figcaption>
        <pre tabindex="0" class="curl">${curlExample(path, method, operation, document)}</pre>
      </figure>
      ${exampleAnswer(operation, document)}
    </div>
  </article>`;
}

/** The first successful answer, in JSON. */
function exampleAnswer({ responses }: OperationObject, document: OpenApiDocument): Html {
  const [status, answer] = Object.entries(responses).find(([one]) => one.startsWith('2')) ?? [];
  const schema = answer?.content?.['application/json']?.schema;
  if (status === undefined || !schema) return html``;
  return html`<figure>
    <figcaption><span>Answer ${statusText(status)}</span></figcaption>
    <pre tabindex="0">${jsonView(exampleOf(schema, document))}</pre>
  </figure>`;
}

const statusText = (status: string): Html => html`<b class="status s${status.slice(0, 1)}">${status}</b>`;

function parameters({ parameters: given }: OperationObject, document: OpenApiDocument): Html {
  const own = given.filter((one): one is ParameterObject => 'name' in one);
  if (own.length === 0) return html``;
  const fields = own.map(({ name, in: place, required, description, schema }): Field => ({
    ...{ name, required, place, description: description ?? resolved(schema, document).description },
    schema,
  }));
  return html`<h4>Takes</h4>
    ${fieldList(fields)}`;
}

function body({ requestBody }: OperationObject, document: OpenApiDocument): Html {
  const schema = requestBody?.content['application/json']?.schema;
  if (!schema) return html``;
  return html`<h4>Body: <span class="type">${typeText(schema)}</span></h4>
    ${fieldList(fieldsOf(resolved(schema, document)))}`;
}

/** The successful answers. */
function answers({ responses }: OperationObject): Html {
  const good = Object.entries(responses).filter(([, answer]) => !isProblem(answer) || mediaTypesOf(answer).length > 0);
  return html`<h4>Answers</h4>
    <ul class="fields">
      ${good.map(([status, answer]) => answerItem(status, answer))}
    </ul>`;
}

const answerItem = (status: string, answer: ResponseObject): Html =>
  html`<li>
    ${statusText(status)}
    ${mediaTypesOf(answer).map(
      ([type, { schema }]) => html`<span class="type">${typeText(schema)} <span class="muted">${type}</span></span> `,
    )}
    ${markdown(answer.description.split('\n- ')[0] ?? '')}
    ${Object.entries(answer.headers)
      .filter(([name]) => !EVERY_ANSWER.has(name))
      .map(headerLine)}
    ${linkLine(answer.links)}
  </li>`;

/** Problems of every operation, which the page lists once at its beginning. */
const EVERY_ANSWER = new Set(['x-request-id']);

const headerLine = ([name, { description }]: [string, HeaderObject]): Html => markdown(`\`${name}\`: ${description}`);

const linkLine = (links: Readonly<Record<string, LinkObject>> = {}): Html => {
  const targets = [...new Set(Object.values(links).map(({ operationId }) => operationId))];
  if (targets.length === 0) return html``;
  return html`<p class="muted">Leads to ${targets.map((id) => html` <a href="#${id}">${id}</a>`)}</p>`;
};

const isProblem = ({ content }: ResponseObject): boolean => content?.[PROBLEM] !== undefined;
const mediaTypesOf = ({ content = {} }: ResponseObject) => Object.entries(content).filter(([type]) => type !== PROBLEM);

/** Problems that not every operation may answer. */
function problems({ responses }: OperationObject, common: ReadonlySet<string>): Html {
  const own = problemsOf(responses).filter(({ type }) => !common.has(type));
  const others = html`<a href="#problems-of-all">what any operation may answer</a>`;
  if (own.length === 0) return html`<p class="muted">Problems: ${others}.</p>`;
  return html`<h4>Problems <span class="muted">and ${others}</span></h4>
    ${problemList(own)}`;
}

export interface DescribedProblem {
  readonly status: string;
  readonly type: string;
  readonly when: string;
}

export const problemsOf = (responses: OperationObject['responses']): DescribedProblem[] =>
  Object.entries(responses).flatMap(([status, { content }]) =>
    Object.values(content?.[PROBLEM]?.examples ?? {}).map(({ summary: when, value }) => ({
      ...{ status, when },
      type: (value as { readonly type: string }).type,
    })),
  );

export const problemList = (problems: readonly DescribedProblem[]): Html =>
  html`<ul class="fields">
    ${problems.map(
      ({ status, type, when }) =>
        html`<li>${statusText(status)} ${code(type.split(':').at(-1) ?? '')} ${markdown(when)}</li>`,
    )}
  </ul>`;
