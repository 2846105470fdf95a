import { isLoopback } from '../loopback/index.js';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { sendProblem } from './send-problem.js';

/** The access rules of a service: who may send it which requests. */
export interface Doors {
  /** The service's name, which is also its host name between containers. */
  readonly name: string;
  /** The address it listens on. */
  readonly host: string;
  /** `internal`: only other services, with `serviceToken`. `public`: anybody, except on the operators' routes. */
  readonly access: 'public' | 'internal';
  /** Further names that the `Host` of a request may have. */
  readonly allowedHosts: readonly string[];
  /** The bearer token of operators; empty when none is needed. */
  readonly operatorToken: string;
  readonly serviceToken: string;
}

/** The rules of specs, and of servers that listen on this machine alone. */
export const OPEN_DOORS: Doors = {
  name: 'localhost',
  host: '127.0.0.1',
  access: 'internal',
  allowedHosts: [],
  operatorToken: '',
  serviceToken: '',
};

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Marks an operators' function: it needs `OPERATOR_TOKEN`, where one is set. */
    readonly operator?: boolean;
  }
}

/** Headers of every answer. A handler may set others. Answers are for programs, so browsers are not to show, frame, sniff or store them. */
export const ANSWER_HEADERS = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const;

/** A browser may store an answer with an ETag, and must revalidate it. */
const REVALIDATED = 'private, no-cache';

export function watchDoors(fastify: FastifyInstance, doors: Doors): void {
  const operator = secret(doors.operatorToken);
  const service = secret(doors.access === 'internal' ? doors.serviceToken : '');
  const asksForUs = hostCheck(doors);
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(ANSWER_HEADERS);
    const misdirected = asksForUs(request.raw) ? undefined : wrongHost();
    const problem = misdirected ?? crossSite(request) ?? withoutToken(request, operator, service);
    if (problem) sendProblem(problem, request, reply);
    else done();
  });
  fastify.addHook('onSend', ({ method }, reply, _payload, done) => {
    const kept = reply.getHeader('cache-control') === ANSWER_HEADERS['cache-control'] && reply.hasHeader('etag');
    if (kept && (method === 'GET' || method === 'HEAD')) void reply.header('cache-control', REVALIDATED);
    done();
  });
}

/**
 * A page of another site can make its own host name resolve to this address (DNS rebinding), and would then be of the same origin. It cannot
 * do so with a name that is not its own, nor with an IP address.
 */
export function hostCheck(doors: Doors): (request: IncomingMessage) => boolean {
  /** The last valid `Host`, cached because nearly every request has the same. */
  let known: string | undefined;
  return ({ url: target = '', headers: { host } }) => {
    // HTTP/1.0 needs no Host, and no browser speaks HTTP/1.0.
    if (host === undefined) return true;
    const asked = target.startsWith('/') || target === '*' ? host : authorityOf(target);
    if (host === known && asked === host) return true;
    const name = nameOf(host);
    if (name === undefined || asked?.toLowerCase() !== host.toLowerCase() || !isOurs(name, doors)) return false;
    known = host;
    return true;
  };
}

const wrongHost = (): ProblemError =>
  new ProblemError(PROBLEMS.misdirected, { detail: 'Host does not name this service: see ALLOWED_HOSTS.' });

/** The authority of a request line with a whole URL, as clients send it to proxies. */
const authorityOf = (target: string): string | undefined => /^https?:\/\/([^/?#]*)/i.exec(target)?.[1];

const HOST_HEADER = /^(?:\[([\da-f:.]+)\]|([\w.-]+?)\.?)(?::\d{1,5})?$/i;

function nameOf(host: string): string | undefined {
  const [, address, name] = HOST_HEADER.exec(host) ?? [];
  return (address ?? name)?.toLowerCase();
}

function isOurs(name: string, { name: own, host, allowedHosts }: Doors): boolean {
  if (isLoopback(name) || name === own || name === host || allowedHosts.includes(name)) return true;
  return isIP(name) !== 0 && !isLoopback(host);
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const SAME_SITE = new Set(['same-origin', 'none']);

/** Browsers send the origin of the page. No page of another site has a reason to change anything here. */
function crossSite({ method, headers }: FastifyRequest): ProblemError | undefined {
  if (SAFE.has(method)) return undefined;
  const { origin, host, 'sec-fetch-site': site } = headers;
  const foreign =
    site === undefined ? origin !== undefined && authorityOf(origin) !== host : !SAME_SITE.has(String(site));
  if (!foreign) return undefined;
  return new ProblemError(PROBLEMS.forbidden, { detail: 'A page of another site may not change anything here.' });
}

type Secret = Buffer | undefined;

/** Tokens are compared as hashes, which have equal lengths: the time of the comparison reveals nothing about the token. */
const hash = (token: string): Buffer => createHash('sha256').update(token).digest();
const secret = (token: string): Secret => (token === '' ? undefined : hash(token));

const BEARER = /^Bearer +(\S+)$/i;

function withoutToken(request: FastifyRequest, operator: Secret, service: Secret): ProblemError | undefined {
  const wanted = request.routeOptions.config.operator === true ? operator : service;
  // Health probes have no token.
  if (wanted === undefined || request.routeOptions.url?.startsWith('/health/')) return undefined;
  return refusalOf(request.headers.authorization, wanted);
}

/** By RFC 6750, the answer to a wrong token says `invalid_token`, and the answer to a missing one does not. */
function refusalOf(authorization: string | undefined, wanted: Buffer): ProblemError | undefined {
  const [, token] = BEARER.exec(authorization ?? '') ?? [];
  if (token !== undefined && timingSafeEqual(hash(token), wanted)) return undefined;
  const error = authorization === undefined ? '' : ', error="invalid_token"';
  return new ProblemError(PROBLEMS.unauthorized, {
    detail: authorization === undefined ? 'A bearer token is needed.' : 'The bearer token is not the right one.',
    headers: { 'www-authenticate': `Bearer realm="backstep"${error}` },
  });
}

/** For a server beside Fastify. */
export const isAllowed = (authorization: string | undefined, token: string): boolean =>
  token === '' || refusalOf(authorization, hash(token)) === undefined;
