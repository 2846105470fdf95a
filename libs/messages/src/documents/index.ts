/** What derives from a catalogue, for documents and tests. Services do not load it. */
export * from './asyncapi.js';
export * from './compatibility.js';
export * from './headers.js';
export * from './json-schema.js';
