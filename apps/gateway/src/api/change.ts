import { HttpStatus } from '@nestjs/common';
import { entityTagOf } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import type { ServiceAnswer } from '../services/service-client.js';
import { ETAG } from './etag.js';
import { IDEMPOTENCY_REPLAYED, passReplayed } from './idempotency.js';

/** The headers of an answer to a change of a versioned resource, for the document. */
export const CHANGED = { ETag: `${ETAG}. For the next If-Match`, ...IDEMPOTENCY_REPLAYED };

interface Conditions {
  readonly 'If-Match'?: string | undefined;
  readonly 'Idempotency-Key'?: string | undefined;
}

/** On which conditions a client wants its change, for the service that makes it. */
export const conditionsOf = (headers: Conditions) => ({
  'if-match': headers['If-Match'],
  'idempotency-key': headers['Idempotency-Key'],
});

/** Gives the answer to a change its status, its tag, whether an earlier one is told again, and where a new resource is read. */
export function tellChanged(
  answer: Pick<ServiceAnswer<unknown>, 'status' | 'header'>,
  resource: { readonly version: number; readonly links: { readonly self: string } },
  reply: FastifyReply,
): void {
  passReplayed(answer, reply);
  void reply.status(answer.status).header('etag', entityTagOf(resource.version, resource));
  if (answer.status === HttpStatus.CREATED) void reply.header('location', resource.links.self);
}
