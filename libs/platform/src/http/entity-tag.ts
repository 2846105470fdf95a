import { ProblemError, PROBLEMS } from './problems.js';

const TAG = /^"v(\d{1,9})"$/;

/** The strong ETag of a version (RFC 9110: only a strong one may be used with If-Match). */
export const entityTag = (version: number): string => `"v${version}"`;

/**
 * The version that an If-Match header names; undefined without one.
 * @throws ProblemError `validation` when it is not one of our ETags.
 */
export function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined) return undefined;
  const match = TAG.exec(ifMatch.trim());
  if (!match) {
    throw new ProblemError(PROBLEMS.validation, {
      detail: 'If-Match must be an ETag such as "v3"',
      errors: [{ in: 'header', field: 'If-Match', message: 'must be an ETag such as "v3"' }],
    });
  }
  return Number(match[1]);
}
