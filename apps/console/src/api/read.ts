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
  return bodyOf<Path>(await ask(path, options, {}));
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
  const answer = await ask(path, options, tag === undefined ? {} : { 'if-none-match': tag });
  if (answer.status === NOT_MODIFIED) return undefined;
  return { tag: answer.headers.get('etag') ?? undefined, body: await bodyOf<Path>(answer) };
}

const NOT_MODIFIED = 304;

async function ask<Path extends Readable>(
  path: Path,
  options: ReadOptions<Path>,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const { signal } = options;
  const within = AbortSignal.timeout(ANSWER_WITHIN_MS);
  return fetch(addressOf(path, options), {
    headers: {
      accept: 'application/json',
      ...headers,
      ...(operatorToken !== undefined && { authorization: `Bearer ${operatorToken}` }),
    },
    signal: signal ? AbortSignal.any([signal, within]) : within,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ProblemError(0, { title: 'The gateway does not answer', detail: NO_ANSWER }, undefined);
  });
}

async function bodyOf<Path extends Readable>(answer: Response): Promise<Answer<Path>> {
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return body as Answer<Path>;
  const problem = (body ?? {}) as Partial<Problem>;
  const title = problem.title ?? `The gateway answered ${answer.status}`;
  throw new ProblemError(answer.status, { ...problem, title }, answer.headers.get('x-request-id') ?? undefined);
}

const NO_ANSWER = 'It was stopped, or cannot be reached. `npm start` starts it.';

/** The address of a read, as `curl` takes it too. */
export function addressOf<Path extends Readable>(path: Path, { path: values, query }: ReadOptions<Path>): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String((values as Readonly<Record<string, unknown>> | undefined)?.[name] ?? '')),
  );
  const given = Object.entries((query ?? {}) as Readonly<Record<string, unknown>>).filter(
    ([, one]) => one !== undefined,
  );
  const search = new URLSearchParams(given.map(([name, one]) => [name, String(one)])).toString();
  return search === '' ? filled : `${filled}?${search}`;
}
