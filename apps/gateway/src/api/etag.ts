import { HttpStatus } from '@nestjs/common';
import { ENTITY_TAG, entityTagOf } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

/** For operations whose answer changes only with its version. */
export const IF_NONE_MATCH = {
  'If-None-Match': z.string().optional().meta({ description: 'The ETag of an earlier answer' }),
};

export const NOT_MODIFIED = {
  304: { description: 'It is still as the answer that If-None-Match names', headers: { ETag: 'Its tag' } },
};

export const ETAG =
  'Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares';

/** For operations that change a versioned resource. */
export const IfMatch = z
  .string()
  .regex(ENTITY_TAG, 'must be the ETag that it was read with, such as "v3"')
  .meta({
    description: 'The ETag it was read with; `"v3"` for its version 3 will do, also without the quotes',
    examples: ['"v3"'],
  });

/**
 * Gives the answer its ETag, and makes it a 304 without a body when If-None-Match names that one. Compared weakly, as
 * RFC 9110 (13.1.2) has it: a proxy that compressed an answer has made our tag a weak one.
 */
export function isNotModified(
  reply: FastifyReply,
  body: { readonly version: number },
  ifNoneMatch: string | undefined,
): boolean {
  const etag = entityTagOf(body.version, body);
  void reply.header('etag', etag);
  if (!isNamedBy(ifNoneMatch, etag)) return false;
  void reply.status(HttpStatus.NOT_MODIFIED);
  return true;
}

/** Whether If-None-Match names this tag; weak tags equal strong ones. */
export function isNamedBy(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = (ifNoneMatch ?? '').split(',').map(opaque);
  return known.includes(opaque(etag)) || known.includes('*');
}

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
