import { request } from 'node:http';

/** A page of the API that takes longer has failed. */
const ANSWER_WITHIN_MS = 30_000;

/** @throws Error unless it is answered 200 */
export async function get<T>(url: URL, signal: AbortSignal): Promise<{ readonly body: T; readonly ms: number }> {
  const began = performance.now();
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]) });
  const text = await response.text();
  const ms = performance.now() - began;
  if (!response.ok) throw new Error(`${url.pathname} was answered ${response.status}: ${text.slice(0, 500)}`);
  return { body: JSON.parse(text) as T, ms };
}

/** The bytes of a body as it is sent, with gzip. @throws Error unless it is answered 200 */
export function gzipBytes(url: URL, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': 'gzip' };
    const sent = request(url, { headers, signal, timeout: ANSWER_WITHIN_MS }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(bytes)
          : reject(new Error(`${url.pathname} was answered ${response.statusCode}`)),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error(`${url.pathname} was not answered in time`)));
    sent.on('error', reject);
    sent.end();
  });
}
