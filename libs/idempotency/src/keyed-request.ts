import { hash } from 'node:crypto';

/** The most characters of a client's key. It becomes a primary key, and PostgreSQL indexes no text of more than 2,704 bytes. */
export const KEY_MAX_CHARS = 255;

/** A request with the key that its client has chosen; made by {@link keyed}. */
export interface KeyedRequest<I> {
  /** undefined: the client has sent none, and each request takes effect. */
  readonly key: string | undefined;
  /** SHA-256 of what the client has sent. */
  readonly requestHash: string;
  /** The input of the handler. */
  readonly input: I;
}

/** The key is empty, too long, or has a tab, which ends the name of an operation. Check what clients send before it comes here. */
export class IdempotencyKeyError extends Error {
  override readonly name = 'IdempotencyKeyError';
}

/**
 * A request of a handler that {@link idempotent} has made.
 * @param sent all that the client has sent, such as `{ jarId, ...body }`: with the same key it must come again. What the service adds, such as
 * a new id, is not of it.
 * @throws IdempotencyKeyError
 */
export function keyed<I>(key: string | undefined, sent: unknown, input: I): KeyedRequest<I> {
  if (key === undefined) return { key, requestHash: '', input };
  if (key === '' || key.length > KEY_MAX_CHARS || key.includes('\t')) {
    throw new IdempotencyKeyError(`an idempotency key has 1 to ${KEY_MAX_CHARS} characters and no tab`);
  }
  return { key, requestHash: requestHash(sent), input };
}

/** Hashes what a client has sent, independent of the order of its members. */
export const requestHash = (sent: unknown): string => hash('sha256', JSON.stringify(sorted(sent)), 'base64url');

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}
