/** Documents that derive from a catalogue. Services do not load this entry. */
export * from './asyncapi.js';
export * from './compatibility.js';
export * from './headers.js';
export * from './json-schema.js';
