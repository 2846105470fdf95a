import { IdempotencyKey } from '@backstep/messages';
import { check } from '@backstep/problems';

/**
 * The key that a client has sent; undefined: none.
 * @throws ProblemError `validation` that names the header
 */
export const idempotencyKeyIn = (headers: Readonly<Record<string, string | undefined>>): string | undefined =>
  check(IdempotencyKey.optional(), headers['idempotency-key'], 'header', 'Idempotency-Key');

/** Tells the client whether the answer is that of an earlier request with its key. @param reply of Fastify, or of Express */
export function tellReplayed(reply: { header(name: string, value: string): unknown }, replayed: boolean): void {
  if (replayed) void reply.header('idempotency-replayed', 'true');
}
