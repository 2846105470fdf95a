import { IdempotencyKey } from '@backstep/messages';
import type { FastifyReply } from 'fastify';
import type { ServiceAnswer } from '../services/service-client.js';

const REPLAYED = 'idempotency-replayed';

/** The header of a request that a client may repeat. @param what it is one key for each of, such as `change` */
export const keyForEach = (what: string) =>
  IdempotencyKey.optional().meta({
    description: `Chosen by the client, one for each ${what}. The same key with the same request has one effect.`,
  });

/** The header of an answer to a request with an Idempotency-Key, for the document. */
export const IDEMPOTENCY_REPLAYED = {
  'Idempotency-Replayed': '`true` when an earlier request with this key has taken effect, and this is its answer',
};

/** Tells the client that a service has replayed an answer. */
export function passReplayed(answer: Pick<ServiceAnswer<unknown>, 'header'>, reply: FastifyReply): void {
  const replayed = answer.header(REPLAYED);
  if (replayed !== undefined) void reply.header(REPLAYED, replayed);
}
