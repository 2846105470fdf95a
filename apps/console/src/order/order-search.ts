import { openOf, openText } from '../lanes/open.js';
import { positionOf } from '../lanes/position.js';

export const TABS = ['lanes', 'list', 'rows', 'money', 'raw'] as const;
export type Tab = (typeof TABS)[number];

/** The state of an order's page, as its address has it. What is as it is by default is left out. */
export interface OrderSearch {
  readonly tab?: Exclude<Tab, 'lanes'>;
  /** The selected message: `m:payment.events/1/14`. */
  readonly sel?: string;
  /** The moment that is shown, in ms since 1970: what came later is left out. */
  readonly at?: number;
  /** Repetitions are drawn too. */
  readonly repeated?: true;
  /** Pauses are drawn as long as they were. */
  readonly unfolded?: true;
  /** What was opened: pauses, sendings of one command, groups. */
  readonly open?: string;
  /** The latest stays in sight. */
  readonly follow?: true;
}

const INSTANT_MAX_MS = 8_640_000_000_000_000;

/** What is not understood is left out. */
export function orderSearch(search: Readonly<Record<string, unknown>>): OrderSearch {
  const { tab, sel, at, repeated, unfolded, open, follow } = search;
  const known = TABS.find((one) => one === tab);
  const moment = /^\d{1,16}$/.test(String(at)) ? Number(at) : undefined;
  const opened = typeof open === 'string' ? openText(openOf(open)) : undefined;
  const isSwitched = (value: unknown): boolean => value === true || value === 'true';
  return {
    ...(known && known !== 'lanes' && { tab: known }),
    ...(typeof sel === 'string' && positionOf(sel) && { sel }),
    ...(moment !== undefined && moment <= INSTANT_MAX_MS && { at: moment }),
    ...(isSwitched(repeated) && { repeated: true as const }),
    ...(isSwitched(unfolded) && { unfolded: true as const }),
    ...(opened !== undefined && { open: opened }),
    ...(isSwitched(follow) && { follow: true as const }),
  };
}

/** The same without one part of it. */
export const without = ({ ...search }: OrderSearch, part: keyof OrderSearch): OrderSearch => {
  delete search[part];
  return search;
};
