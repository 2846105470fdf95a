import { randomUUID } from 'node:crypto';
import type { Part } from './bench.js';
import { get } from './get.js';
import { figure } from './rows.js';

const REQUESTS = 5;
/** So many records a page looks at, as its contract says: in a shorter log it is not measured. */
const RECORDS_MIN = 20_000;
const PAGE_MAX_MS = 2_000;

interface MessagePage {
  readonly items: readonly unknown[];
  readonly scanned: { readonly records: number; readonly remaining: number };
}

/** A page of the log whose filter finds nothing: it looks at as many records as a page may. */
export const messages: Part = {
  about: 'GET /v1/messages with a text that is nowhere, from the oldest on',
  inBrowser: [],
  async measure({ started, signal }) {
    const ms: number[] = [];
    let records = Infinity;
    let log = 0;
    for (let request = 0; request < REQUESTS; request++) {
      const url = new URL('/v1/messages?from=earliest', started.system.gatewayUrl);
      // Another one each time: nothing may be answered from a memory.
      url.searchParams.set('text', `nowhere ${randomUUID()}`);
      const { body, ms: took } = await get<MessagePage>(url, signal);
      if (body.items.length > 0) throw new Error('a text that is nowhere was found');
      ms.push(took);
      records = Math.min(records, body.scanned.records);
      log = body.scanned.records + body.scanned.remaining;
    }
    const isShort = log < RECORDS_MIN;
    return [
      {
        what: 'a page of messages that finds nothing',
        limit: PAGE_MAX_MS,
        unit: ' ms',
        measured: isShort ? null : figure(Math.max(...ms)),
        how: isShort
          ? `the log has only ${log} records`
          : `the slowest of ${REQUESTS}; looked at ${records.toLocaleString('en')} records of ${log.toLocaleString('en')}`,
      },
    ];
  },
};
