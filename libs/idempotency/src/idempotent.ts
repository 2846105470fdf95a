import { ProblemError, PROBLEMS } from '@backstep/problems';
import {
  decideRequest,
  insert,
  one,
  type LoadedNeeds,
  type Needs,
  type One,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { IdempotencyKey } from './idempotency-key.entity.js';
import type { KeyedRequest } from './keyed-request.js';

/** The most characters of a stored answer, in JSON. A larger one is refused with its request: see {@link AnswerTooLargeError}. */
export const ANSWER_MAX_CHARS = 64 * 1_024;

/** Which keys are one. */
export interface IdempotentOptions {
  /**
   * The name of the operation, for good: the same key of two operations is two keys. One operation of a service may go without a name; it is
   * for a table that has keys from before the operations had names.
   */
  readonly operation: string | undefined;
}

/** The answer to a request that has a key. */
export interface KeyedAnswer<A> {
  readonly answer: A;
  /** An earlier request with the same key has taken effect; this is its answer, and nothing was done now. */
  readonly replayed: boolean;
}

/** A handler beside whose needs is the key's row. */
export type Idempotent<I, A extends object, N extends Needs> = RequestHandler<
  KeyedRequest<I>,
  KeyedAnswer<A>,
  N & { readonly idempotencyKey: One<IdempotencyKey> }
>;

/** An answer that is too large to be kept for a replay. Nothing was written. It is a fault of the handler, which may answer with an id. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
  constructor(operation: string, chars: number) {
    super(`an answer of ${operation} has ${chars} characters, and ${ANSWER_MAX_CHARS} are kept`);
  }
}

/**
 * The same handler with one effect for one key. The key's row is inserted with the handler's changes, by the same statement. When the same
 * key comes twice at once, the second insert is a lost race: the batch reads again, finds the row, and replays its answer.
 *
 * A decision that throws, or changes nothing, is not stored. It has had no effect that could be doubled, and its reason may pass: the same
 * request is decided again when it comes again.
 *
 * @param handler its answers must survive JSON, which those of a replay have gone through
 * @throws ProblemError (from `decide`) `idempotency-key-reused` when the key is known with another request
 * @throws AnswerTooLargeError (from `decide`)
 */
export function idempotent<I, A extends object, N extends Needs>(
  handler: RequestHandler<I, A, N>,
  { operation }: IdempotentOptions,
): Idempotent<I, A, N> {
  // Whoever decides an edit with a policy must know its needs.
  const isEdit = 'onStale' in handler;
  const rowKey = (key: string): string => (operation === undefined ? key : `${operation}\t${key}`);

  return {
    needs({ key, input }) {
      const needs = handler.needs(input);
      if ('idempotencyKey' in needs)
        throw new Error('the need idempotencyKey is taken: the handler must name its own otherwise');
      // Without a key, no row is needed, and `decide` looks at none. No spread on the hot path: see decision 0013.
      const known = key === undefined ? {} : { idempotencyKey: one(IdempotencyKey, rowKey(key)) };
      return Object.assign({}, needs, known) as N & { idempotencyKey: One<IdempotencyKey> };
    },

    decide({ key, requestHash, input }, state, context) {
      const known = (state as { readonly idempotencyKey?: IdempotencyKey }).idempotencyKey;
      if (known) return { answer: { answer: answerOf(known, requestHash) as A, replayed: true }, changes: [] };
      const rows = state as LoadedNeeds<N>;
      const decision = isEdit
        ? decideRequest(handler, input, handler.needs(input), rows, context)
        : handler.decide(input, rows, context);
      const { answer, changes, edited } = decision;
      const decided = { answer, replayed: false };
      if (key === undefined || changes.length === 0) return { answer: decided, changes, edited };
      const chars = JSON.stringify(answer).length;
      if (chars > ANSWER_MAX_CHARS) throw new AnswerTooLargeError(operation ?? handler.constructor.name, chars);
      const createdAt = new Date(context.now);
      const stored = insert(IdempotencyKey, { key: rowKey(key), requestHash, response: answer, createdAt });
      return { answer: decided, changes: [...changes, stored], edited };
    },
  };
}

function answerOf(known: IdempotencyKey, requestHash: string): unknown {
  if (known.requestHash === requestHash) return known.response;
  throw new ProblemError(PROBLEMS.idempotencyKeyReused, {
    detail: 'Send another request with another Idempotency-Key.',
  });
}
