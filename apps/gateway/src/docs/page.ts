import { createHash } from 'node:crypto';
import type { Json, OpenApiDocument } from '../api/openapi-types.js';
import { fieldList, fieldsOf, typeText } from './field-list.js';
import { html, type Html, markdown } from './html.js';
import { jsonView } from './json-view.js';
import { type Described, operationView, problemList, problemsOf } from './operation-view.js';
import { script, style } from './style.js';

export interface Page {
  readonly html: string;
  /** The content security policy: the page's own script and style, by hash, and requests to this gateway. */
  readonly policy: string;
}

/** The document as one HTML page. It loads nothing from elsewhere and is complete without its script. */
export function docsPage(document: OpenApiDocument): Page {
  const [css, js] = [style(), script()];
  return { html: render(document, css, js), policy: policyOf(css, js) };
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const policyOf = (css: string, js: string): string =>
  [
    ...[
      "default-src 'none'",
      'img-src data:',
      `style-src ${hashOf(css)}`,
      `script-src ${hashOf(js)}`,
      "connect-src 'self'",
    ],
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  ].join('; ');

function render(document: OpenApiDocument, css: string, js: string): string {
  const { info, tags, components } = document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const of = (tag: string): Described[] => operations.filter(({ operation }) => operation.tags.includes(tag));
  const common = commonProblems(operations);
  const types = new Set(common.map(({ type }) => type));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title} API</title>
        <meta name="description" content="${info.description.split('\n', 1)[0] ?? ''}" />
        <link rel="icon" href="${ICON}" />
        ${{ text: `<style>${css}</style>` }}
      </head>
      <body>
        <a class="skip" href="#main">To the content</a>
        <div class="page">
          <nav aria-label="Operations">
            <a class="brand" href="#main">${info.title} API</a>
            <div class="groups">
              ${tags.map(({ name }) => group(name, anchorOf(name), of(name).map(operationEntry)))}
              ${group('What any operation may answer', 'problems-of-all', [])}
              ${group('Schemas', 'schemas', Object.keys(components.schemas).map(schemaEntry))}
            </div>
          </nav>
          <main id="main">
            ${beginning(document)}
            ${tags.map(
              ({ name }) =>
                html`<section id="${anchorOf(name)}">
                  <h2><a href="#${anchorOf(name)}">${name}</a></h2>
                  ${of(name).map((one) => operationView(one, document, types))}
                </section>`,
            )}
            ${problemsOfAll(problemList(common))}
            <section id="schemas">
              <h2><a href="#schemas">Schemas</a></h2>
              ${Object.entries(components.schemas).map(
                ([name, schema]) =>
                  html`<article id="${name}" data-search="${name} ${schema.description ?? ''}">
                    <h3><a href="#${name}">${name}</a></h3>
                    ${schema.description === undefined ? html`` : markdown(schema.description)}
                    ${schema.properties ? fieldList(fieldsOf(schema)) : html`<p class="type">${typeText(schema)}</p>`}
                  </article>`,
              )}
            </section>
          </main>
        </div>
        ${{ text: `<script>${js}</script>` }}
      </body>
    </html>`.text;
}

const beginning = ({ info, openapi }: OpenApiDocument): Html =>
  html`<header>
    <h1>${info.title} API <small>${info.version}</small></h1>
    ${markdown(info.description)}
    <p><a href="/openapi.json">openapi.json</a> says the same to programs (OpenAPI ${openapi}).</p>
    <p>
      The examples speak to a system that <code>npm start</code> has started. What begins with <code>${'$'}</code> is a
      shell variable for an id, or a version, that an answer before has told.
    </p>
  </header>`;

const problemsOfAll = (problems: Html): Html =>
  html`<section id="problems-of-all">
    <h2><a href="#problems-of-all">What any operation may answer</a></h2>
    <p>
      Each answer has <code>x-request-id</code>, by which its request is found in the logs. A problem says its kind in
      <code>type</code>, <code>urn:backstep:problem:</code> and one of the names that follow here and with each
      operation:
    </p>
    ${problems}
    <figure>
      <figcaption><span>A problem</span></figcaption>
      <pre tabindex="0">${jsonView(A_PROBLEM)}</pre>
    </figure>
  </section>`;

const A_PROBLEM: Json = {
  type: 'urn:backstep:problem:validation',
  title: 'The request is not valid',
  status: 400,
  detail: 'items.0.quantity: must be 1 or more',
  instance: '/v1/orders',
  requestId: '0199a3b0-7c1e-7000-8000-000000000001',
  errors: [{ in: 'body', field: 'items.0.quantity', pointer: '#/items/0/quantity', message: 'must be 1 or more' }],
};

/** Problems that every operation documents are listed once. */
function commonProblems(operations: readonly Described[]) {
  const [first = [], ...others] = operations.map(({ operation }) => problemsOf(operation.responses));
  return first.filter(({ type }) => others.every((problems) => problems.some((one) => one.type === type)));
}

/** An icon in the page itself, since a browser requests one. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M13 3H6a4 4 0 0 0 0 8h5M8 8l-3 3 3 3' fill='none' stroke='%230a53a8' stroke-width='2'/%3E%3C/svg%3E";

const anchorOf = (tag: string): string => `tag-${tag.toLowerCase().replaceAll(' ', '-')}`;

const group = (name: string, anchor: string, entries: readonly Html[]): Html =>
  html`<div>
    <h2><a href="#${anchor}">${name}</a></h2>
    <ul>
      ${entries}
    </ul>
  </div>`;

const operationEntry = ({ method, operation }: Described): Html =>
  html`<li>
    <a href="#${operation.operationId}"><span class="method ${method}">${method}</span> ${operation.summary}</a>
  </li>`;

const schemaEntry = (name: string): Html => html`<li><a href="#${name}">${name}</a></li>`;
