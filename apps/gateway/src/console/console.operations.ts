import { PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { IF_NONE_MATCH, NOT_MODIFIED } from '../api/etag.js';
import { operation } from '../api/operation.js';
import { ApiIndex } from '../docs/docs.operations.js';
import { PATHS } from '../paths.js';

const TAG = 'Console';
const html = { 'text/html': z.string() };
const headers = {
  ETag: 'Changes with every byte',
  Vary: '`Accept`, `Accept-Encoding`',
  'Cross-Origin-Opener-Policy': '`same-origin`, of the page',
  'Permissions-Policy': 'What no script of the page may use of the device',
};

/** Every page is the same document, whose script asks the API for what the address names. */
const page = <const Path extends string>(id: string, path: Path, summary: string, params: Record<string, z.ZodType>) =>
  operation({
    id,
    method: 'GET',
    path,
    tag: TAG,
    summary,
    description: 'The query is the state of the page: filters, tab, selection. The server does not read it.',
    params,
    fromMemory: true,
    headers: IF_NONE_MATCH,
    answers: {
      200: { description: 'The page, whose script asks the API for what it shows', content: html, headers },
      304: { ...NOT_MODIFIED[304], headers },
    },
  });

export const ordersPage = page('ordersPage', PATHS.ordersPage, 'The console: orders', {});

export const comparePage = page('comparePage', PATHS.comparePage, 'The console: two orders beside each other', {});

export const orderPage = page('orderPage', PATHS.orderPage, 'The console: an order', {
  orderId: z.string().min(1).meta({ description: 'The page says so when there is no such order' }),
});

export const messagesPage = page('messagesPage', PATHS.messagesPage, 'The console: messages in Kafka', {});

export const messagePage = page('messagePage', PATHS.messagePage, 'The console: a message in Kafka', {
  topic: z.string().min(1),
  partition: z.string().min(1),
  offset: z.string().min(1).meta({ description: 'The page says so when there is no such message' }),
});

export const topicsPage = page('topicsPage', PATHS.topicsPage, 'The console: topics and consumer groups', {});

export const groupPage = page('groupPage', PATHS.groupPage, 'The console: a consumer group', {
  groupId: z.string().min(1).meta({ description: 'The page says so when there is no such group' }),
});

export const sagasPage = page('sagasPage', PATHS.sagasPage, 'The console: sagas, as a work list', {});

export const sagaPage = page('sagaPage', PATHS.sagaPage, 'The console: a saga', {
  sagaId: z.string().min(1).meta({ description: 'The page says so when there is no such saga' }),
});

export const operationsPage = page('operationsPage', PATHS.operationsPage, 'The console: what operators did', {});

export const playgroundPage = page('playgroundPage', PATHS.playgroundPage, 'The console: place orders', {});

export const productsPage = page('productsPage', PATHS.productsPage, 'The console: products', {});

export const productPage = page('productPage', PATHS.productPage, 'The console: a product', {
  sku: z.string().min(1).meta({ description: 'The page says so when there is no such product' }),
});

export const parkedPage = page('parkedPage', PATHS.parkedPage, 'The console: parked messages', {});

export const contentionPage = page(
  'contentionPage',
  PATHS.contentionPage,
  'The console: what writes lose to each other',
  {},
);

/** Served by the lab, where there is one. */
export const labPage = page('labPage', PATHS.labPage, 'The console: make faults, and see what holds', {});

/** Where the console is served, a browser is answered the console at the root, and a program the links. */
export const readRootWithConsole = operation({
  id: 'readRoot',
  method: 'GET',
  path: PATHS.root,
  tag: TAG,
  summary: 'The console, or where things are',
  headers: {
    Accept: z.string().optional().meta({ description: '`text/html` is answered with the console' }),
    ...IF_NONE_MATCH,
  },
  answers: {
    200: {
      description: 'The version, and links; for browsers the console',
      content: { 'application/json': ApiIndex, ...html },
      headers,
    },
    304: { description: 'The console is still as the answer that If-None-Match names', headers },
  },
});

export const consoleFile = operation({
  id: 'consoleFile',
  method: 'GET',
  path: PATHS.consoleFile,
  tag: TAG,
  summary: 'A file of the console',
  params: {
    file: z.string().min(1).meta({ description: 'As the page names it: its content is a part of its name' }),
  },
  fromMemory: true,
  answers: {
    200: {
      description: 'The file, which never changes',
      content: { 'text/javascript': z.string(), 'text/css': z.string(), 'image/svg+xml': z.string() },
      headers: { 'Cache-Control': '`public, max-age=31536000, immutable`', Vary: '`Accept-Encoding`' },
    },
  },
  problems: [PROBLEMS.notFound],
});

/** What is served, and documented, only where the console is. */
export const CONSOLE_OPERATIONS = [
  ordersPage,
  comparePage,
  orderPage,
  messagesPage,
  messagePage,
  topicsPage,
  groupPage,
  sagasPage,
  sagaPage,
  operationsPage,
  playgroundPage,
  productsPage,
  productPage,
  parkedPage,
  contentionPage,
  consoleFile,
] as const;
