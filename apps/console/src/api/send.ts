import type { paths } from './openapi.js';
import { ask, filledIn, ProblemError } from './read.js';

type Json = 'application/json';
type Method = 'post' | 'put' | 'patch' | 'delete';
type OperationOf<M extends Method, Path extends keyof paths> = Exclude<paths[Path][M], undefined>;
/** The paths that have this method. */
type Writable<M extends Method> = {
  [Path in keyof paths]: [OperationOf<M, Path>] extends [never] ? never : Path;
}[keyof paths];
type JsonOf<Holder> = Holder extends { content: Record<Json, infer Body> } ? Body : never;
type Given<Operation, Place extends string> = Operation extends { parameters: { [One in Place]?: infer Values } }
  ? NonNullable<Values>
  : never;
type Ok = 200 | 201 | 202;

/** The JSON that a write is answered. */
export type Answered<M extends Method, Path extends Writable<M>> =
  OperationOf<M, Path> extends { responses: infer Responses } ? JsonOf<Responses[Ok & keyof Responses]> : never;
/** The JSON that a write sends. */
export type Body<M extends Method, Path extends Writable<M>> =
  OperationOf<M, Path> extends { requestBody: infer Holder } ? JsonOf<Holder> : undefined;

export interface SendOptions<M extends Method, Path extends Writable<M>> {
  readonly path?: Given<OperationOf<M, Path>, 'path'>;
  readonly query?: Given<OperationOf<M, Path>, 'query'>;
  readonly headers?: Given<OperationOf<M, Path>, 'header'>;
  readonly body?: Body<M, Path>;
  readonly signal?: AbortSignal;
}

export interface Sent<Answer> {
  readonly status: number;
  readonly body: Answer;
  readonly etag: string | undefined;
  /** An earlier request with the same Idempotency-Key has taken effect, and this is its answer. */
  readonly replayed: boolean;
}

/**
 * Writes, as the document declares it: `send('post', '/v1/sagas/{sagaId}/retry', { path: { sagaId }, headers, body })`.
 *
 * Status 0 of the problem means that nobody knows what became of it: the same request with the same Idempotency-Key finds out.
 * @throws ProblemError whatever goes wrong; the signal's reason when it is aborted
 */
export async function send<M extends Method, Path extends Writable<M>>(
  method: M,
  path: Path,
  { path: values, query, headers, body, signal }: SendOptions<M, Path> = {},
): Promise<Sent<Answered<M, Path>>> {
  const given = Object.entries((headers ?? {}) as Readonly<Record<string, string | undefined>>);
  const answer = await ask(
    filledIn(path, values as Readonly<Record<string, unknown>>, query as Readonly<Record<string, unknown>>),
    {
      method: method.toUpperCase(),
      headers: {
        ...Object.fromEntries(given.filter((one): one is [string, string] => one[1] !== undefined)),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    },
    signal,
  );
  return {
    status: answer.status,
    body: (await bodyOf(answer, signal)) as Answered<M, Path>,
    etag: answer.headers.get('etag') ?? undefined,
    replayed: answer.headers.get('idempotency-replayed') === 'true',
  };
}

const CUT_OFF = 'What it has done is not known. The same request with the same Idempotency-Key finds out.';

/** @returns undefined where the answer has no body */
async function bodyOf(answer: Response, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    const text = await answer.text();
    return text === '' ? undefined : JSON.parse(text);
  } catch (error) {
    if (signal?.aborted) throw error;
    const requestId = answer.headers.get('x-request-id') ?? undefined;
    throw new ProblemError(0, { title: 'The answer was cut off', detail: CUT_OFF }, requestId);
  }
}
