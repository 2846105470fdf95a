import { z } from 'zod';
import { IF_NONE_MATCH, NOT_MODIFIED } from '../api/etag.js';
import { operation } from '../api/operation.js';
import { PATHS } from '../paths.js';
import { Link } from '../representations/fields.js';

const headers = {
  ETag: 'Changes with every byte',
  Vary: '`Accept-Encoding`: it comes compressed to those who take gzip',
};

export const readDocs = operation({
  id: 'readDocs',
  method: 'GET',
  path: PATHS.docs,
  tag: 'Documentation',
  summary: 'This document, for people',
  headers: IF_NONE_MATCH,
  answers: {
    200: { description: 'One page that loads nothing else', content: { 'text/html': z.string() }, headers },
    304: { ...NOT_MODIFIED[304], headers },
  },
});

export const readOpenApi = operation({
  id: 'readOpenApi',
  method: 'GET',
  path: PATHS.openApi,
  tag: 'Documentation',
  summary: 'This document, for programs',
  headers: IF_NONE_MATCH,
  answers: {
    200: {
      description: 'OpenAPI 3.1',
      content: { 'application/json': z.record(z.string(), z.unknown()).meta({ id: 'OpenApiDocument' }) },
      headers,
    },
    304: { ...NOT_MODIFIED[304], headers },
  },
});

export const ApiIndex = z
  .object({
    name: z.string(),
    version: z.string(),
    links: z.object({ docs: Link, openapi: Link, orders: Link, products: Link, sagas: Link, parked: Link }),
  })
  .meta({ id: 'ApiIndex' });
export type ApiIndex = z.infer<typeof ApiIndex>;

const pointer = (id: string, path: string) =>
  operation({
    id,
    method: 'GET',
    path,
    tag: 'Documentation',
    summary: path === PATHS.root ? 'Where things are' : 'Where things of this version are',
    headers: { Accept: z.string().optional().meta({ description: '`text/html` is led to the page for people' }) },
    answers: {
      200: {
        description: 'The version, and links',
        content: { 'application/json': ApiIndex },
        headers: { Vary: '`Accept`' },
      },
      302: { description: 'To the page, for browsers', headers: { Location: '`/docs`', Vary: '`Accept`' } },
    },
  });

export const readRoot = pointer('readRoot', PATHS.root);
export const readApi = pointer('readApi', PATHS.api);
