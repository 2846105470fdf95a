import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As it is sent. */
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Without its parameters; undefined where there is no body. */
  readonly mediaType: string | undefined;
  /** Parsed, when it is JSON. */
  readonly body: unknown;
}

const answerOf = (status: number, headers: IncomingHttpHeaders, content: string): Answer => {
  const mediaType = headers['content-type']?.split(';', 1)[0];
  return { status, headers, mediaType, body: mediaType?.endsWith('json') ? (JSON.parse(content) as unknown) : content };
};

/** Not by `fetch`, which lets nobody choose a Host. A stream of events is left when its answer has begun. */
export async function ask(base: string, { method, path, headers, body }: Asked): Promise<Answer> {
  const { hostname, port } = new URL(base);
  // Of a DELETE, Node's client sends no length by itself: its body would be read as the next request.
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const asking = request({ hostname, port, method, path, headers: { ...length, ...headers }, agent: false });
  // A server that refuses early closes while a large body is still on its way; the answer is there all the same.
  const failed = once(asking, 'error').then(([error]) => Promise.reject(error as Error));
  const answered = once(asking, 'response') as Promise<[IncomingMessage]>;
  asking.end(body);
  const [answer] = await Promise.race([answered, failed]);
  failed.catch(() => undefined);
  const streams = answer.headers['content-type']?.startsWith('text/event-stream') === true;
  const content = streams ? '' : await text(answer);
  if (streams) asking.destroy();
  return answerOf(answer.statusCode ?? 0, answer.headers, content);
}

/** Sends the beginning of a request, and nothing more. */
export async function beginAndStall(base: string, { method, path }: Asked): Promise<Answer> {
  const { hostname, port, host } = new URL(base);
  const socket = connect(Number(port), hostname);
  socket.write(`${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n`);
  const [head = '', content = ''] = (await text(socket)).split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return answerOf(Number(statusLine.split(' ')[1]), headers, content);
}

/** Opens a stream of events that stays open. @returns what closes it */
export async function watch(base: string, { path, headers }: Asked): Promise<() => void> {
  const { hostname, port } = new URL(base);
  const asking = request({ hostname, port, path, headers, agent: false }).end();
  asking.on('error', () => undefined);
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  if (answer.statusCode !== 200) throw new Error(`a stream was refused with ${answer.statusCode}`);
  answer.on('error', () => undefined).resume();
  return () => asking.destroy();
}
