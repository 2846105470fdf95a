import type { paths } from './openapi.js';
import type { Problem } from './types.js';

type Json = 'application/json';
/** The paths whose reading is answered with JSON. */
type Readable = {
  [Path in keyof paths]: paths[Path] extends { get: { responses: { 200: { content: Record<Json, unknown> } } } }
    ? Path
    : never;
}[keyof paths];
/** The JSON that reading a path answers. */
export type Answer<Path extends Readable> = paths[Path] extends {
  get: { responses: { 200: { content: Record<Json, infer Body> } } };
}
  ? Body
  : never;
type Parameters<Path extends Readable, Place extends string> = paths[Path] extends {
  get: { parameters: { [One in Place]?: infer Given } };
}
  ? NonNullable<Given>
  : never;

export interface ReadOptions<Path extends Readable> {
  readonly path?: Parameters<Path, 'path'>;
  readonly query?: Parameters<Path, 'query'>;
  readonly signal?: AbortSignal;
}

/** The gateway answered with a problem (RFC 9457), or did not answer: then `status` is 0. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem> & { readonly title: string },
    readonly requestId: string | undefined,
    /** How long the answer took, or was waited for. */
    readonly afterMs = 0,
  ) {
    super(problem.detail ?? problem.title);
  }
}

const ANSWER_WITHIN_MS = 15_000;

/** In memory alone: who closes the page takes it along. */
let operatorToken: string | undefined;

const tokenListeners = new Set<() => void>();

/** The operator's token, for the functions that ask for one. */
export function showToken(token: string | undefined): void {
  operatorToken = token;
  for (const listener of tokenListeners) listener();
}

export const currentToken = (): string | undefined => operatorToken;
/** Tells when there is another token. */
export const onToken = (listener: () => void): void => void tokenListeners.add(listener);

/** @throws ProblemError whatever goes wrong; the signal's reason when it is aborted */
export async function read<Path extends Readable>(path: Path, options: ReadOptions<Path> = {}): Promise<Answer<Path>> {
  const answer = await ask(addressOf(path, options), {}, options.signal);
  return (await answer.json()) as Answer<Path>;
}

/** What was read, and its ETag. */
export interface Tagged<Body> {
  readonly tag: string | undefined;
  readonly body: Body;
}

/**
 * @param tag of what is known already
 * @returns undefined when it is still as the tag names it
 * @throws as `read`
 */
export async function readUnless<Path extends Readable>(
  tag: string | undefined,
  path: Path,
  options: ReadOptions<Path>,
): Promise<Tagged<Answer<Path>> | undefined> {
  const headers: Record<string, string> = tag === undefined ? {} : { 'if-none-match': tag };
  const answer = await ask(addressOf(path, options), { headers }, options.signal);
  if (answer.status === NOT_MODIFIED) return undefined;
  return { tag: answer.headers.get('etag') ?? undefined, body: (await answer.json()) as Answer<Path> };
}

const NOT_MODIFIED = 304;
const NO_ANSWER = 'It was stopped, or cannot be reached. `npm start` starts it.';

/**
 * Asks the gateway.
 * @returns its answer, when that is no problem
 * @throws ProblemError whatever goes wrong; the signal's reason when it is aborted
 */
export async function ask(address: string, request: RequestInit, signal?: AbortSignal): Promise<Response> {
  const began = performance.now();
  const within = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const answer = await fetch(address, {
    ...request,
    headers: {
      accept: 'application/json',
      ...(operatorToken !== undefined && { authorization: `Bearer ${operatorToken}` }),
      ...(request.headers as Readonly<Record<string, string>> | undefined),
    },
    signal: signal ? AbortSignal.any([signal, within]) : within,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    const problem = { title: 'The gateway does not answer', detail: NO_ANSWER };
    throw new ProblemError(0, problem, undefined, performance.now() - began);
  });
  if (answer.ok || answer.status === NOT_MODIFIED) return answer;
  const problem = ((await answer.json().catch(() => undefined)) ?? {}) as Partial<Problem>;
  const title = problem.title ?? `The gateway answered ${answer.status}`;
  const requestId = answer.headers.get('x-request-id') ?? undefined;
  throw new ProblemError(answer.status, { ...problem, title }, requestId, performance.now() - began);
}

/** The address of a read, as `curl` takes it too. */
export const addressOf = <Path extends Readable>(path: Path, { path: values, query }: ReadOptions<Path>): string =>
  filledIn(path, values as Values, query as Values);

type Values = Readonly<Record<string, unknown>> | undefined;

/** A path with its parameters and its query; undefined values are left out. */
export function filledIn(path: string, values: Values, query: Values): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values?.[name] ?? '')));
  const given = Object.entries(query ?? {}).filter(([, one]) => one !== undefined);
  const search = new URLSearchParams(given.map(([name, one]) => [name, String(one)])).toString();
  return search === '' ? filled : `${filled}?${search}`;
}
