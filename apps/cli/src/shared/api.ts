import { CliError, EXIT, UnreachableError } from './exit-codes.js';
import { printable } from './safe-text.js';

/** How long the API may take, on top of what was asked to be waited for. */
const ANSWER_WITHIN_MS = 15_000;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

type Query = Readonly<Record<string, string | number | undefined>>;

interface RequestOptions {
  readonly query?: Query;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the answer is expected to be held back. */
  readonly heldMs?: number;
}

/** RFC 9457, as far as it is shown. */
interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly field?: string; readonly message?: string }[];
}

/** The gateway answered, with a no. */
export class ProblemAnswer extends CliError {
  override readonly name = 'ProblemAnswer';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message, exitCodeOf(status));
  }
}

function exitCodeOf(status: number): number {
  if (status === 404) return EXIT.notFound;
  if (status === 400) return EXIT.usage;
  return status >= 500 ? EXIT.unreachable : EXIT.refused;
}

/** The public API, over HTTP like anybody else's client. Every method throws ProblemAnswer and UnreachableError. */
export class Api {
  constructor(readonly gateway: string) {}

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return (await this.request<T>('GET', path, { query })).body;
  }

  async request<T>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    options: RequestOptions = {},
  ): Promise<{ readonly body: T; readonly headers: Headers }> {
    const response = await this.send(
      method,
      path,
      options,
      AbortSignal.timeout(ANSWER_WITHIN_MS + (options.heldMs ?? 0)),
    );
    const text = await this.answered(() => response.text());
    if (!response.ok) throw new ProblemAnswer(response.status, explain(response.status, text));
    return { body: this.parsed(text) as T, headers: response.headers };
  }

  /** The text of a long answer, chunk by chunk, until it ends or the signal aborts. */
  async *stream(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): AsyncGenerator<string> {
    const response = await this.send('GET', path, { headers }, signal);
    if (!response.ok || !response.body) {
      throw new ProblemAnswer(response.status, explain(response.status, await this.answered(() => response.text())));
    }
    const decoder = new TextDecoder();
    for await (const chunk of response.body) yield decoder.decode(chunk as Uint8Array, { stream: true });
  }

  private send(
    method: string,
    path: string,
    { query = {}, body, headers = {} }: RequestOptions,
    signal: AbortSignal,
  ): Promise<Response> {
    const url = new URL(`${this.gateway}${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    return this.answered(() => fetch(url, { method, signal, headers: { ...type, ...headers }, ...content }));
  }

  /** A refused connection and a silent server mean the same to who asks: nobody is there. */
  private async answered<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (cause) {
      if ((cause as Error).name === 'AbortError') throw cause;
      throw new UnreachableError(
        `${this.gateway} does not answer: is it running? Start it with \`npm start\` or \`docker compose up\`.`,
        { cause },
      );
    }
  }

  private parsed(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new UnreachableError(`${this.gateway} does not speak JSON: is that Backstep's gateway?`, { cause });
    }
  }
}

/** A problem document as one line for people; what is not one, as its status. */
export function explain(status: number, text: string): string {
  let problem: Problem;
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    return `the gateway answered ${status}`;
  }
  const fields = problem.errors?.map(({ field, message }) => [field, message].filter(Boolean).join(' ')) ?? [];
  const parts = [problem.title, problem.detail, ...fields].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? `the gateway answered ${status}` : printable(`${parts.join(': ')} (${status})`);
}
