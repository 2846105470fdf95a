/** What the documents of the shop's messages are made of. Services do not load it. */
export * from './catalogue-page.js';
export * from './examples.js';
export * from './shop.js';
