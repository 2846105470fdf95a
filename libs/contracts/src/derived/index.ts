/** What derives from the catalogue, for documents and tests. Services do not load it. */
export * from './asyncapi.js';
export * from './catalogue-page.js';
export * from './compatibility.js';
export * from './examples.js';
export * from './headers.js';
export * from './json-schema.js';
