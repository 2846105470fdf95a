import { positionOf } from '../lanes/position.js';

/** What a page of messages is of, by the names that the API has for it. */
export interface MessageFilters {
  readonly topic?: string;
  readonly partition?: number;
  readonly key?: string;
  /** `*` stands for any characters. */
  readonly type?: string;
  readonly source?: string;
  /** `name:value`. */
  readonly header?: string;
  readonly text?: string;
}

export const FILTERS = [
  'topic',
  'partition',
  'key',
  'type',
  'source',
  'header',
  'text',
] as const satisfies readonly (keyof MessageFilters)[];

export type Direction = 'forward' | 'backward';

/** The state of the page, as its address has it. */
export interface MessagesSearch extends MessageFilters {
  /** `earliest`, `latest`, `offset:42`, `time:2026-11-27T08:18:00Z` or `group:backstep.payment`. */
  readonly from?: string;
  readonly direction?: Direction;
  /** What comes is shown as it comes. */
  readonly follow?: true;
  /** The selected message: `m:payment.events/1/14`. */
  readonly sel?: string;
}

/** As long as the API takes them. */
const LENGTH_MAX: Readonly<Record<Exclude<keyof MessageFilters, 'partition'>, number>> = {
  ...{ topic: 249, key: 512, type: 100, source: 100, header: 512, text: 200 },
};
const HEADER = /^[!-9;-~]{1,100}:/;
const FROM = /^(?:earliest|latest|offset:\d{1,19}|time:[\d:.TZ+-]{16,40}|group:[\w.-]{1,249})$/;

/** What is not understood is left out: an address that somebody has mistyped still shows messages. */
export function messagesSearch(given: Readonly<Record<string, unknown>>): MessagesSearch {
  const { from, direction, follow, sel } = given;
  return {
    ...filtersOf(given),
    ...(typeof from === 'string' && FROM.test(from) && from !== 'latest' && { from }),
    ...((direction === 'forward' || direction === 'backward') && { direction }),
    ...((follow === true || follow === 'true') && { follow: true as const }),
    ...(typeof sel === 'string' && positionOf(sel) && { sel }),
  };
}

/** Those of a query that are filters, and can be. */
export function filtersOf(given: Readonly<Record<string, unknown>>): MessageFilters {
  const found: Record<string, string | number> = {};
  for (const name of FILTERS) {
    const value = given[name];
    if (value === undefined) continue;
    const text = String(value);
    if (name === 'partition') {
      if (/^\d{1,4}$/.test(text)) found[name] = Number(text);
    } else if (text !== '' && text.length <= LENGTH_MAX[name] && (name !== 'header' || HEADER.test(text))) {
      found[name] = text;
    }
  }
  return found;
}

/** The same without some parts of it. */
export function without<Part extends keyof MessagesSearch>(
  { ...search }: MessagesSearch,
  ...parts: readonly Part[]
): Omit<MessagesSearch, Part> {
  for (const part of parts) delete search[part];
  return search;
}

/** Which way a page goes when the address does not say it: as the API does. */
export const directionOf = ({ from, direction }: MessagesSearch): Direction =>
  direction ?? (from === undefined ? 'backward' : 'forward');
