import type { FieldPath, KeptChange } from '@backstep/concurrency';

/** An edit, and what it is compared with. */
export interface BasedEdit<E> {
  readonly edit: E;
  /** The version that the caller began from; undefined: the caller named none. */
  readonly basis: number | undefined;
  /** The current row; undefined: there is none. */
  readonly row: Readonly<Record<string, unknown>> | undefined;
  /** Of the current row. */
  readonly version: number | undefined;
  /**
   * The changes since the basis, oldest first. undefined: not known. The basis is newer than the row or older than its log; or a write went
   * around the log; or the entity has no `@Kept()`.
   */
  readonly changes: readonly KeptChange[] | undefined;
}

/** What of an edit clashes with changes since its basis: a field of it, or an operation as the caller has sent it. */
export type Clash = FieldPath | object;

/**
 * What a policy says: the edit, as it is left, is decided; or the caller must name a basis; or the edit is refused.
 *
 * `overwrites` is a version that goes although the caller has not seen it, and `ops` is what the change log keeps as the operations of the
 * edit. `clashing` is left out where it is not known.
 */
export type StaleVerdict =
  | {
      readonly verdict: 'decide';
      readonly edit: unknown;
      readonly overwrites?: number | undefined;
      readonly ops?: readonly object[];
    }
  | { readonly verdict: 'basis required' }
  | { readonly verdict: 'stale'; readonly clashing?: readonly Clash[] };

/** What a stale basis means. A pure function: it may be called several times for one request. */
export interface StalePolicy<E = unknown> {
  (based: BasedEdit<E>): StaleVerdict;
  /** It goes by the changes since the basis: without `@Kept()` on the entity it would refuse every stale edit. */
  readonly needsLog?: boolean;
}

export const goOn = (edit: unknown): StaleVerdict => ({ verdict: 'decide', edit });

const STALE: StaleVerdict = { verdict: 'stale' };

/** A stale edit is refused: `StaleBasisError`, 412. An edit without a basis goes on. */
export const reject =
  (): StalePolicy =>
  ({ edit, basis, version }) =>
    basis === undefined || basis === version ? goOn(edit) : STALE;

/**
 * The user decides. A stale edit is refused with what has changed since (`StaleBasisError`, 412), and the caller sends it again with the version it
 * has seen now. A row that is there is not changed without a basis (`BasisRequiredError`, 428).
 */
export const askUser =
  (): StalePolicy =>
  ({ edit, basis, version }) => {
    if (basis === version) return goOn(edit);
    return basis === undefined ? { verdict: 'basis required' } : STALE;
  };

/**
 * The edit goes on, on the current row, whatever the caller has seen. Last is who commits last: the versions count that order, no clock does.
 * `decide` gets as `overwrites` the version that the caller had not seen, for its answer.
 */
export const lastWriterWins =
  (): StalePolicy =>
  ({ edit, basis, version }) =>
    basis === version ? goOn(edit) : { verdict: 'decide', edit, overwrites: version };

/**
 * The policy for a row that is there. A row that is not there is not stale: `decide` says what that means, such as 404. Without this, an edit with a basis
 * is refused as stale where the row is gone.
 */
export const whenThere = <E>(policy: StalePolicy<E>): StalePolicy<E> =>
  Object.assign((based: BasedEdit<E>) => (based.row === undefined ? goOn(based.edit) : policy(based)), {
    needsLog: policy.needsLog === true,
  });

/** A policy that lets a stale edit go on where `reconcile` can bring it past the changes since its basis. */
export const reconciling = <E>(
  reconcile: (edit: E, row: Readonly<Record<string, unknown>>, changes: readonly KeptChange[]) => StaleVerdict,
): StalePolicy<E> =>
  Object.assign(
    ({ edit, basis, version, row, changes }: BasedEdit<E>): StaleVerdict => {
      if (basis === undefined || basis === version) return goOn(edit);
      return row === undefined || changes === undefined ? STALE : reconcile(edit, row, changes);
    },
    { needsLog: true },
  );
