import { authorizationFor } from './operator-token.js';
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
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly field?: string; readonly message?: string }[];
  readonly clashing?: readonly (string | Readonly<Record<string, unknown>>)[];
}

/** The gateway answered, with a no. */
export class ProblemAnswer extends CliError {
  override readonly name = 'ProblemAnswer';
  constructor(
    readonly status: number,
    message: string,
    /** Undefined when the answer was no problem document. */
    override readonly problem?: unknown,
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
    method: 'GET' | 'POST' | 'PUT' | 'PATCH',
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
    if (!response.ok) throw problemAnswer(response.status, text);
    return { body: this.parsed(text) as T, headers: response.headers };
  }

  /** The text of a long answer, chunk by chunk, until it ends or the signal aborts. */
  async *stream(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): AsyncGenerator<string> {
    const response = await this.send('GET', path, { headers }, signal);
    if (!response.ok || !response.body) {
      throw problemAnswer(response.status, await this.answered(() => response.text()));
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
    return this.answered(() =>
      fetch(url, { method, signal, headers: { ...authorizationFor(this.gateway), ...type, ...headers }, ...content }),
    );
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

const problemAnswer = (status: number, text: string): ProblemAnswer =>
  new ProblemAnswer(status, explain(status, text), problemIn(text));

function problemIn(text: string): Problem | undefined {
  try {
    const problem = JSON.parse(text) as unknown;
    return typeof problem === 'object' && problem !== null ? problem : undefined;
  } catch {
    return undefined;
  }
}

/** Fields that are told; `--json` has all of them. */
const FIELDS_MAX = 5;

/**
 * A problem document as one line for people; what is not one, as its status. What is said of fields, and of what clashes with others' changes, says what the detail sums up, and
 * the detail says what the title does: the most exact of them is told, once.
 */
export function explain(status: number, text: string): string {
  const { title, detail, errors = [], clashing = [] } = problemIn(text) ?? {};
  const clashes = clashing.map(
    (clash) => `${typeof clash === 'string' ? clash : Object.values(clash).join(' ')} clashes`,
  );
  const fields = [...errors.map(({ field, message }) => [field, message].filter(Boolean).join(' ')), ...clashes];
  const more = fields.length > FIELDS_MAX ? [`and ${fields.length - FIELDS_MAX} more`] : [];
  const said = [...fields.slice(0, FIELDS_MAX), ...more].join('; ') || detail || title;
  return said ? printable(`${said} (${status})`) : `the gateway answered ${status}`;
}
