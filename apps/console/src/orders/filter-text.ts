import { type Clock, wholeTimeText } from '../ui/time-text.js';
import type { OrdersFilter } from './orders-search.js';
import { isRelative, type Span, type When } from './span.js';

const agoOf = (when: When): string => when.replace('now-', '');

/** A time of an address as people read it: in the clock of the page, or so long ago. */
export const whenText = (when: When, clock: Clock): string =>
  isRelative(when) ? (when === 'now' ? 'now' : `${agoOf(when)} ago`) : wholeTimeText(Date.parse(when), clock);

/** `placed from 2026-11-27 08:18:51.624 UTC`; empty for any time. */
export function spanText({ from, to }: Span, clock: Clock): string {
  if (from !== undefined && to === undefined && isRelative(from)) return `placed in the last ${agoOf(from)}`;
  const parts = [
    from !== undefined && `from ${whenText(from, clock)}`,
    to !== undefined && `before ${whenText(to, clock)}`,
  ].filter(Boolean);
  return parts.length === 0 ? '' : `placed ${parts.join(' and ')}`;
}

/** What a list without any order says, by its filter. */
export function noneText(filter: OrdersFilter, clock: Clock): string {
  const span = spanText(filter, clock);
  if (filter.status === undefined) return span === '' ? 'No order yet' : `No order was ${span}`;
  return `No order is ${filter.status}${span === '' ? '' : ` and was ${span}`}`;
}

/** The same list in the terminal. A span of `npx backstep` is relative without `now-`. */
export function orderCommand({ status, from, to }: OrdersFilter): string {
  const option = (name: string, when: When | undefined): string =>
    when === undefined ? '' : ` --${name} ${isRelative(when) ? (when === 'now' ? '0s' : agoOf(when)) : when}`;
  return `npx backstep orders${status ? ` --status ${status}` : ''}${option('from', from)}${option('to', to)}`;
}
