import type { Entry } from './lane.js';

/** What a client gets for an entry. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * The answer to a request that was queued: 202 with `Location` while it is, 200 with the handler's answer, or the problem.
 * @param location where the entry can be read: `/v1/moves/<id>`
 */
export function httpAnswer(entry: Entry, location: string): HttpAnswer {
  const headers = { location };
  if (entry.state === 'QUEUED') return { status: 202, headers, body: { id: entry.id, state: entry.state } };
  if (entry.state === 'APPLIED') return { status: 200, headers, body: entry.answer };
  const { problem } = entry;
  return { status: problem.status, headers: { ...headers, 'content-type': 'application/problem+json' }, body: problem };
}
