import type { KeptChange } from '@backstep/concurrency';
import type { Clash } from './policy.js';

/** The row is there, and the caller did not say which version it changes. Nothing was written. 428. */
export class BasisRequiredError extends Error {
  override readonly name = 'BasisRequiredError';
  constructor(
    readonly entity: string,
    readonly key: string,
    readonly version: number,
  ) {
    super(`${key} exists: send its ETag as If-Match.`);
  }
}

/** A change since the caller's basis, as a caller sees it. */
export interface ChangeSince {
  readonly version: number;
  readonly fields: readonly string[];
  /** RFC 3339. */
  readonly at: string;
  readonly by?: string;
}

/** What a {@link StaleBasisError} tells. */
export interface StaleBasis {
  readonly entity: string;
  readonly key: string;
  /** The version that the caller began from. */
  readonly basis: number;
  /** The current version; undefined: there is no row. */
  readonly version: number | undefined;
  /** The present state, as the handler shows it; undefined: it shows none. */
  readonly current: unknown;
  /** The caller's edit. */
  readonly yours: unknown;
  /** undefined: the change log does not say. */
  readonly changedSince: readonly ChangeSince[] | undefined;
  /** undefined: not known. */
  readonly clashing: readonly Clash[] | undefined;
}

/** The caller edited a version that is not the current one, and the handler's policy does not let that go on. Nothing was written. 412. */
export class StaleBasisError extends Error {
  override readonly name = 'StaleBasisError';
  constructor(readonly stale: StaleBasis) {
    super(sentenceOf(stale));
  }
}

function sentenceOf({ key, basis, version, clashing }: StaleBasis): string {
  if (version === undefined) return `There is no ${key}: a new one takes no If-Match.`;
  if (basis > version) return `${key} is at version ${version}: version ${basis} has never been.`;
  const fields = clashing?.filter((clash) => typeof clash === 'string') ?? [];
  const what = fields.length > 0 ? `: ${fields.join(', ')} changed since` : '';
  return `${key} is at version ${version}, and version ${basis} was edited${what}.`;
}

export const changeSince = ({ version, was, at, by }: KeptChange): ChangeSince => ({
  version,
  fields: Object.keys(was),
  at,
  ...(by !== undefined && { by }),
});
