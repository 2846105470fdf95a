import { z } from 'zod';
import { IF_NONE_MATCH, NOT_MODIFIED } from '../api/etag.js';
import { operation } from '../api/operation.js';

const headers = {
  ETag: 'Changes with every byte',
  Vary: '`Accept-Encoding`: it comes compressed to those who take gzip',
};

export const readDocs = operation({
  id: 'readDocs',
  method: 'GET',
  path: '/docs',
  tag: 'Documentation',
  summary: 'This document, for people',
  headers: IF_NONE_MATCH,
  answers: {
    200: { description: 'One page that loads nothing else', content: { 'text/html': z.string() }, headers },
    ...NOT_MODIFIED,
  },
});

export const readOpenApi = operation({
  id: 'readOpenApi',
  method: 'GET',
  path: '/openapi.json',
  tag: 'Documentation',
  summary: 'This document, for programs',
  headers: IF_NONE_MATCH,
  answers: {
    200: {
      description: 'OpenAPI 3.1',
      content: { 'application/json': z.record(z.string(), z.unknown()).meta({ id: 'OpenApiDocument' }) },
      headers,
    },
    ...NOT_MODIFIED,
  },
});
