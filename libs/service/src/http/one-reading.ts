import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { sendProblem } from './send-problem.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body of this route stays the bytes that came (a Buffer), for a signature over them. Whoever reads them as JSON checks the signature first. */
    readonly rawBody?: boolean;
  }
}

/**
 * Refuses requests that can be read in two ways: a proxy, a log and this service could disagree about what was sent.
 * Node joins or drops repeated headers, JSON.parse takes the last of two members of one name, and decoders replace invalid bytes.
 */
export function refuseAmbiguousRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const problem = ambiguous(request);
    if (problem) sendProblem(problem, request, reply);
    else done();
  });
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser(['application/json', MERGE_PATCH], { parseAs: 'buffer' }, (request, body, done) => {
    if (request.method !== 'PATCH' && request.headers['content-type']?.startsWith(MERGE_PATCH) === true)
      return done(notUnderstood(`${MERGE_PATCH} is for PATCH.`));
    if (request.routeOptions.config.rawBody === true) return done(null, body);
    const text = decoded(body as Buffer);
    if (text instanceof ProblemError) return done(text);
    // Fastify's own parser refuses an empty body and members called `__proto__`.
    void parse(request, text, (error, value) => done(error ?? ambiguousJson(text, value), value));
  });
}

/** The media type of a JSON Merge Patch (RFC 7386). A PATCH may be sent as application/json too. */
const MERGE_PATCH = 'application/merge-patch+json';

/** Headers with one value. A second line of a list (`If-None-Match`, `Accept`, `Prefer`) continues the first (RFC 9110, 5.3). */
const SINGLE_HEADERS = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'idempotency-key',
  'if-match',
  'last-event-id',
  'origin',
  'transfer-encoding',
  'x-operator',
]);

function ambiguous({ raw, headers }: FastifyRequest): ProblemError | undefined {
  return repeatedHeader(raw.rawHeaders, headers) ?? unreadableTarget(raw.url ?? '') ?? otherCoding(headers);
}

function repeatedHeader(lines: readonly string[], headers: FastifyRequest['headers']): ProblemError | undefined {
  // A shortcut: most requests repeat no header.
  if (Object.keys(headers).length * 2 === lines.length) return undefined;
  const names = lines.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const field = names.find((name, index) => SINGLE_HEADERS.has(name) && names.indexOf(name) !== index);
  if (field === undefined) return undefined;
  return new ProblemError(PROBLEMS.malformedRequest, {
    detail: `${field}: was sent more than once`,
    errors: [{ in: 'header', field, message: 'was sent more than once' }],
  });
}

/** The router checks the path only: a query that cannot be decoded would be taken as it is. */
function unreadableTarget(url: string): ProblemError | undefined {
  const query = url.indexOf('?');
  if (query === -1 || !url.includes('%', query)) return undefined;
  try {
    decodeURIComponent(url.slice(query + 1));
    return undefined;
  } catch (cause) {
    return new ProblemError(PROBLEMS.malformedRequest, { detail: 'The query is not percent-encoded UTF-8.', cause });
  }
}

const CHARSETS = /;\s*charset\s*\*?\s*=\s*"?([^\s";]*)/gi;
const UTF_8 = /^utf-?8$/i;

function otherCoding(headers: FastifyRequest['headers']): ProblemError | undefined {
  // Without a body, the headers about a body do not matter.
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return undefined;
  const type = headers['content-type'] ?? '';
  const charset = type.includes(';')
    ? [...type.matchAll(CHARSETS)].find(([, name = '']) => !UTF_8.test(name))
    : undefined;
  if (charset) return notUnderstood(`A body must be UTF-8, not ${JSON.stringify(charset[1])}.`);
  const { 'content-encoding': encoding = 'identity', 'transfer-encoding': transfer = 'chunked' } = headers;
  if (encoding.toLowerCase() !== 'identity') return notUnderstood('A body must come without Content-Encoding.');
  if (transfer.toLowerCase() !== 'chunked')
    return notUnderstood('A body must come without Transfer-Encoding but chunked.');
  return undefined;
}

const notUnderstood = (detail: string): ProblemError => new ProblemError(PROBLEMS.unsupportedMediaType, { detail });
const malformedJson = (detail: string): ProblemError => new ProblemError(PROBLEMS.malformedJson, { detail });

/** `ignoreBOM` keeps a byte order mark in the text, so that it can be refused: JSON has none (RFC 8259, 8.1). */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(body: Buffer): string | ProblemError {
  try {
    const text = utf8.decode(body);
    return text.startsWith('\uFEFF') ? malformedJson('The body begins with a byte order mark.') : text;
  } catch {
    return malformedJson('The body is not UTF-8.');
  }
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Tokens of valid JSON: a string, with a colon when it is a member's name, or the bounds of an object. */
const TOKENS = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}]/g;

function written(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // JSON.stringify is recursive, and this value is nested too deep for it.
    return undefined;
  }
}

/** @param text valid JSON of `parsed` @returns a problem when an object has a name twice, or a string has half of a surrogate pair */
function ambiguousJson(text: string, parsed: unknown): ProblemError | null {
  // A shortcut: most programs write JSON as JSON.stringify does. A repeated name would not come back, and half of a pair needs an escape.
  if (!text.includes('\\') && written(parsed) === text) return null;
  const objects: Set<string>[] = [];
  for (const [token, quoted, colon] of text.matchAll(TOKENS)) {
    if (token === '{') objects.push(new Set());
    else if (token === '}') objects.pop();
    else if (quoted !== undefined) {
      const escaped = quoted.includes('\\');
      if (!escaped && colon === undefined) continue;
      const value = escaped ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
      if (LONE_SURROGATE.test(value)) return malformedJson('The body has half of a surrogate pair.');
      const names = objects.at(-1);
      if (colon === undefined || !names) continue;
      if (names.has(value)) return malformedJson(`The member ${JSON.stringify(value)} is given more than once.`);
      names.add(value);
    }
  }
  return null;
}
