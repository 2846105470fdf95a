import type {
  OpenApiDocument,
  OperationObject,
  ParameterObject,
  Reference,
  SchemaObject,
} from '../api/openapi-types.js';
import { curlExample } from './curl-example.js';
import { exampleOf } from './example.js';
import { code, html, type Html, markdown } from './html.js';
import { schemaTable, typeText } from './schema-table.js';
import { STYLE } from './style.js';

/** The document as one page of HTML: no script, nothing loaded from elsewhere, readable with the network cut. */
export function docsPage(document: OpenApiDocument): string {
  const { info, tags, components } = document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const of = (tag: string): Described[] => operations.filter(({ operation }) => operation.tags.includes(tag));
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title} API</title>
        <link rel="icon" href="${ICON}" />
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <div class="page">
          <nav aria-label="Operations">
            ${tags.map(({ name }) => contentsOf(name, of(name)))}
            <h2><a href="#schemas">Schemas</a></h2>
          </nav>
          <main>
            <header>
              <h1>${info.title} API <small>${info.version}</small></h1>
              ${markdown(info.description)}
              <p><a href="/openapi.json">openapi.json</a> says the same to programs (OpenAPI ${document.openapi}).</p>
              <p>
                The examples speak to a system that <code>npm start</code> has started. What begins with
                <code>${'$'}</code> is a shell variable for an id, or a version, that an answer before has told.
              </p>
            </header>
            ${tags.map(
              ({ name }) =>
                html`<section>
                  <h2 id="${anchorOf(name)}">${name}</h2>
                  ${of(name).map((one) => describe(one, document))}
                </section>`,
            )}
            <section>
              <h2 id="schemas">Schemas</h2>
              ${Object.entries(components.schemas).map(
                ([name, schema]) =>
                  html`<article id="${name}">
                    <h3><a href="#${name}">${name}</a></h3>
                    ${schemaTable(schema)}
                  </article>`,
              )}
            </section>
          </main>
        </div>
      </body>
    </html>`;
  return page.text;
}

interface Described {
  readonly path: string;
  readonly method: string;
  readonly operation: OperationObject;
}

/** A browser asks for one; this one is in the page. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M13 3H6a4 4 0 0 0 0 8h5M8 8l-3 3 3 3' fill='none' stroke='%230a53a8' stroke-width='2'/%3E%3C/svg%3E";

const anchorOf = (tag: string): string => tag.toLowerCase().replaceAll(' ', '-');

const contentsOf = (tag: string, operations: readonly Described[]): Html =>
  html`<h2><a href="#${anchorOf(tag)}">${tag}</a></h2>
    <ul>
      ${operations.map(({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`)}
    </ul>`;

const describe = ({ path, method, operation }: Described, document: OpenApiDocument): Html =>
  html`<article id="${operation.operationId}">
    <h3><a href="#${operation.operationId}">${operation.summary}</a></h3>
    <p><b class="${method}">${method}</b> <code>${path}</code></p>
    ${operation.description === undefined ? html`` : markdown(operation.description)}
    <pre tabindex="0" class="curl">${curlExample(path, method, operation, document)}</pre>
    ${exampleAnswer(operation, document)}
    <details>
      <summary>What it takes and answers</summary>
      ${parameters(operation.parameters, document)} ${body(operation)} ${answers(operation)}
    </details>
  </article>`;

/** The first good answer, in JSON. */
function exampleAnswer({ responses }: OperationObject, document: OpenApiDocument): Html {
  const [status, answer] = Object.entries(responses).find(([code]) => code.startsWith('2')) ?? [];
  const schema = answer?.content?.['application/json']?.schema;
  if (status === undefined || !schema) return html``;
  return html`<pre tabindex="0">${`HTTP ${status}\n\n${JSON.stringify(exampleOf(schema, document), null, 2)}`}</pre>`;
}

function parameters(given: readonly (ParameterObject | Reference)[], document: OpenApiDocument): Html {
  const resolved = given.map((one) =>
    '$ref' in one ? document.components.parameters[one.$ref.split('/').at(-1) ?? ''] : one,
  );
  const rows = resolved.flatMap((parameter) => (parameter ? [parameterRow(parameter)] : []));
  return html`<h4>Takes</h4>
    <table>
      ${rows}
    </table>`;
}

const parameterRow = ({ name, in: place, required, schema, description }: ParameterObject): Html =>
  html`<tr>
    <td>${code(name)}${required ? html` <em>required</em>` : html``}</td>
    <td>${place}</td>
    <td>${typeText(schema)}</td>
    <td>${markdown(description ?? '')}</td>
  </tr>`;

function body({ requestBody }: OperationObject): Html {
  if (!requestBody) return html``;
  return html`<h4>Body</h4>
    <p>${contentText(Object.entries(requestBody.content).map(([type, { schema }]) => ({ type, schema })))}</p>`;
}

const answers = ({ responses }: OperationObject): Html =>
  html`<h4>Answers</h4>
    <table>
      ${Object.entries(responses).map(
        ([status, { description, headers, content }]) =>
          html`<tr>
            <td><b>${status}</b></td>
            <td>${markdown(description)}</td>
            <td>${contentText(Object.entries(content ?? {}).map(([type, { schema }]) => ({ type, schema })))}</td>
            <td>
              ${Object.entries(headers).map(([name, header]) => html`<div title="${header.description}">${code(name)}</div>`)}
            </td>
          </tr>`,
      )}
    </table>`;

const contentText = (content: readonly { readonly type: string; readonly schema: SchemaObject }[]): readonly Html[] =>
  content.map(({ type, schema }) => html`<div>${typeText(schema.allOf?.[0] ?? schema)} <small>${type}</small></div>`);
