import { createHash } from 'node:crypto';
import { ProblemError, PROBLEMS } from './problems.js';

/** 96 bits: two different bodies practically never have the same tag. */
const HASH_CHARACTERS = 16;

/**
 * `"v3"`, or `"v3.` with a hash of the body`"`; with both quotes, or without. It has room for the digits of 2^53 - 1, the last number that
 * is exact. The pattern is documented for clients, so it has no back reference, which many engines lack.
 */
export const ENTITY_TAG = /^(?:"v[0-9]{1,16}(?:[.][A-Za-z0-9_-]{16})?"|v[0-9]{1,16}(?:[.][A-Za-z0-9_-]{16})?)$/;
const VERSION = /v([0-9]+)/;

/** The ETag of a version. A change may name it in If-Match (see `versionOf`). */
export const entityTag = (version: number): string => `"v${version}"`;

/**
 * The ETag of an answer that shows more than the versioned row, such as a row with its saga. It is strong (RFC 9110, 8.8.1): two answers have
 * the same tag only when their bodies are the same, byte by byte.
 */
export function entityTagOf(version: number, body: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, HASH_CHARACTERS);
  return `"v${version}.${hash}"`;
}

/**
 * The version that an If-Match header names; undefined without one. The hash of a tag is not compared: a change is made to the versioned row,
 * and the rest of the answer may change meanwhile (docs/decisions/0021-an-etag-is-of-all-that-is-shown.md). Missing quotes are accepted,
 * because a shell may have removed them.
 *
 * @throws ProblemError `validation` when it is not one of our ETags
 */
export function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined) return undefined;
  const tag = ifMatch.trim();
  const version = ENTITY_TAG.test(tag) ? Number(VERSION.exec(tag)?.[1]) : NaN;
  if (!Number.isSafeInteger(version)) {
    throw new ProblemError(PROBLEMS.validation, {
      detail: 'If-Match must be an ETag such as "v3"',
      errors: [{ in: 'header', field: 'If-Match', message: 'must be an ETag such as "v3"' }],
    });
  }
  return version;
}
