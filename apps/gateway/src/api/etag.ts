import { HttpStatus } from '@nestjs/common';
import { entityTag } from '@backstep/platform';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

/** For operations whose answer changes with its version, and only then. */
export const IF_NONE_MATCH = {
  'If-None-Match': z.string().optional().meta({ description: 'The ETag of an earlier answer' }),
};

export const NOT_MODIFIED = {
  304: { description: 'It still has the version that If-None-Match names', headers: { ETag: 'The version' } },
};

/**
 * Gives the answer its ETag, and makes it a 304 without a body when If-None-Match names that one. Compared weakly, as
 * RFC 9110 (13.1.2) has it: a proxy that compressed an answer has made our tag a weak one.
 */
export function isNotModified(reply: FastifyReply, version: number, ifNoneMatch: string | undefined): boolean {
  const etag = entityTag(version);
  void reply.header('etag', etag);
  const known = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!known.includes(etag) && !known.includes('*')) return false;
  void reply.status(HttpStatus.NOT_MODIFIED);
  return true;
}
