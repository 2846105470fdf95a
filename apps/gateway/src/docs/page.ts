import type {
  OpenApiDocument,
  OperationObject,
  ParameterObject,
  Reference,
  SchemaObject,
} from '../api/openapi-types.js';
import { curlExample } from './curl-example.js';
import { code, html, type Html, markdown } from './html.js';
import { schemaTable, typeText } from './schema-table.js';
import { STYLE } from './style.js';

/** The document as one page of HTML: no script, nothing loaded from elsewhere, readable with the network cut. */
export function docsPage(document: OpenApiDocument): string {
  const { info, tags, components } = document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title} API</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <header>
          <h1>${info.title} API <small>${info.version}</small></h1>
          ${markdown(info.description)}
          <p><a href="/openapi.json">openapi.json</a> says the same to programs (OpenAPI ${document.openapi}).</p>
        </header>
        ${tags.map(
          ({ name }) =>
            html`<section>
              <h2>${name}</h2>
              ${operations.filter(({ operation }) => operation.tags.includes(name)).map((one) => describe(one, document))}
            </section>`,
        )}
        <section>
          <h2>Schemas</h2>
          ${Object.entries(components.schemas).map(
            ([name, schema]) =>
              html`<details id="${name}">
                <summary><b>${name}</b></summary>
                ${schemaTable(schema)}
              </details>`,
          )}
        </section>
      </body>
    </html>`;
  return page.text;
}

interface Described {
  readonly path: string;
  readonly method: string;
  readonly operation: OperationObject;
}

const describe = ({ path, method, operation }: Described, document: OpenApiDocument): Html =>
  html`<details id="${operation.operationId}">
    <summary><b class="${method}">${method}</b> <code>${path}</code> <span>${operation.summary}</span></summary>
    ${operation.description === undefined ? html`` : markdown(operation.description)}
    <pre>${curlExample(path, method, operation, document)}</pre>
    ${parameters(operation.parameters, document)} ${body(operation)} ${answers(operation)}
  </details>`;

function parameters(given: readonly (ParameterObject | Reference)[], document: OpenApiDocument): Html {
  const resolved = given.map((one) =>
    '$ref' in one ? document.components.parameters[one.$ref.split('/').at(-1) ?? ''] : one,
  );
  const rows = resolved.flatMap((parameter) => (parameter ? [parameterRow(parameter)] : []));
  return html`<h3>Takes</h3>
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
  return html`<h3>Body</h3>
    <p>${contentText(Object.entries(requestBody.content).map(([type, { schema }]) => ({ type, schema })))}</p>`;
}

const answers = ({ responses }: OperationObject): Html =>
  html`<h3>Answers</h3>
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
