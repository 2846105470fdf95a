import { IdempotencyKey } from '@backstep/messages';
import { check, entityTag } from '@backstep/problems';

/**
 * The key that a client has sent; undefined: none.
 * @throws ProblemError `validation` that names the header
 */
export const idempotencyKeyIn = (headers: Readonly<Record<string, string | undefined>>): string | undefined =>
  check(IdempotencyKey.optional(), headers['idempotency-key'], 'header', 'Idempotency-Key');

/** The answer to a request, as Fastify or Express has it. */
export interface Reply {
  header(name: string, value: string): unknown;
}

/** Tells the client whether the answer is that of an earlier request with its key. */
export function tellReplayed(reply: Reply, replayed: boolean): void {
  if (replayed) void reply.header('idempotency-replayed', 'true');
}

/** {@link tellReplayed}, and the ETag of the resource that the request has changed. @param version of the resource, in the answer */
export function tellChanged(reply: Reply, version: number, replayed: boolean): void {
  tellReplayed(reply, replayed);
  void reply.header('etag', entityTag(version));
}
