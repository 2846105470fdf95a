/** The sources of the documents of the shop's messages. Services do not load it. */
export * from './catalogue-page.js';
export * from './examples.js';
export * from './shop.js';
