import type { EntityClass } from '@backstep/concurrency';
import type { RequestHandler } from '../handler.js';
import type { LoadedNeeds, Needs, One } from '../needs.js';
import type { StalePolicy } from './policy.js';

/** A request to change a row that the caller has read before. The keys of its rows are members beside these. */
export interface EditRequest<E> {
  /** The version that the caller began from: that of its If-Match. undefined: the caller named none. */
  readonly basis?: number | undefined;
  /** What the caller wants: for `merge` a JSON Merge Patch, for `rebase` a list of operations, else whatever the handler understands. */
  readonly edit: E;
  /** Who asks, for the change log. */
  readonly by?: string | undefined;
  /** Set by `lastWriterWins`, for `decide`: the version that goes although the caller has not seen it. */
  readonly overwrites?: number | undefined;
}

/** The names of needs that are a `one(...)`. */
export type NameOfOne<N> = { [Name in keyof N]: N[Name] extends One<unknown> ? Name : never }[keyof N] & string;

/**
 * Handles a request to change a row that the caller has read before, perhaps minutes ago. When the row is at another version by now, the
 * caller's basis is *stale*, and `onStale` says what that means. `decide` is called only when the policy lets the edit go on, with the edit
 * as the policy leaves it; it decides on the current row.
 *
 * A policy sees the row as the earlier decisions of the batch have left it, in every attempt. A row that changed between this process's
 * read and its write is another matter: it is always read and decided again, and the caller does not notice.
 */
export interface EditHandler<I extends EditRequest<unknown>, A, N extends Needs = Needs> extends RequestHandler<
  I,
  A,
  N
> {
  /** Which of the needs is the row that the caller edits. */
  readonly edits: NameOfOne<N>;
  readonly onStale: StalePolicy<I['edit']>;
  /** What a caller that is refused is shown as the present state. Left out: nothing but the version. */
  current?(state: LoadedNeeds<N>): unknown;
}

/** What a decision edits, for the change log. */
export interface Edited {
  readonly entity: EntityClass;
  readonly key: string;
  readonly by: string | undefined;
  /** The operations of the edit, where its policy is `rebase`. */
  readonly ops: readonly unknown[] | undefined;
}
