/** A request as a person types it. */
export interface TypedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Text of which a shell makes nothing else. */
const PLAIN = /^[\w./:=@%+,-]+$/;

/** For POSIX shells: within single quotes nothing has a meaning but the quote itself. */
export const shellText = (text: string): string =>
  PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The request for a terminal. */
export function curlOf({ method, url, headers = {}, body }: TypedRequest): string {
  const all = { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) };
  return [
    `curl -i${method === 'GET' ? '' : ` -X ${method}`} ${shellText(url)}`,
    ...Object.entries(all).map(([name, value]) => `-H ${shellText(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`-d ${shellText(JSON.stringify(body))}`]),
  ].join(' \\\n  ');
}
