import { z } from 'zod';
import { operation } from '../api/operation.js';

export const readDocs = operation({
  id: 'readDocs',
  method: 'GET',
  path: '/docs',
  tag: 'Documentation',
  summary: 'This document, for people',
  answers: { 200: { description: 'One page that loads nothing else', content: { 'text/html': z.string() } } },
});

export const readOpenApi = operation({
  id: 'readOpenApi',
  method: 'GET',
  path: '/openapi.json',
  tag: 'Documentation',
  summary: 'This document, for programs',
  answers: {
    200: {
      description: 'OpenAPI 3.1',
      content: { 'application/json': z.record(z.string(), z.unknown()).meta({ id: 'OpenApiDocument' }) },
    },
  },
});
