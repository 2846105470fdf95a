import { createHash } from 'node:crypto';
import { ProblemError, PROBLEMS } from './problems.js';

/** 96 bits: two bodies under one tag are not met. */
const HASH_CHARACTERS = 16;

/**
 * `"v3"`, or `"v3.` with a hash of the body`"`; with both quotes, or without. Fifteen digits are read exactly. Written without a
 * back reference, which many engines do not have: clients are told this pattern.
 */
export const ENTITY_TAG = /^(?:"v[0-9]{1,15}(?:[.][A-Za-z0-9_-]{16})?"|v[0-9]{1,15}(?:[.][A-Za-z0-9_-]{16})?)$/;
const VERSION = /v([0-9]+)/;

/** The ETag of a version: what a change may name in If-Match (see `versionOf`). */
export const entityTag = (version: number): string => `"v${version}"`;

/**
 * The ETag of an answer that shows more than its version counts, such as a row with its saga. Strong (RFC 9110, 8.8.1): two
 * answers have the same tag only when their bodies are the same, byte by byte.
 */
export function entityTagOf(version: number, body: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, HASH_CHARACTERS);
  return `"v${version}.${hash}"`;
}

/**
 * The version that an If-Match header names; undefined without one. What a tag says beside the version is not compared: a change is
 * made to what the version counts, and the rest may move meanwhile (docs/decisions/0021-an-etag-is-of-all-that-is-shown.md). Quotes that a
 * shell took away are not missed.
 *
 * @throws ProblemError `validation` when it is not one of our ETags.
 */
export function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined) return undefined;
  const tag = ifMatch.trim();
  if (!ENTITY_TAG.test(tag)) {
    throw new ProblemError(PROBLEMS.validation, {
      detail: 'If-Match must be an ETag such as "v3"',
      errors: [{ in: 'header', field: 'If-Match', message: 'must be an ETag such as "v3"' }],
    });
  }
  return Number(VERSION.exec(tag)?.[1]);
}
