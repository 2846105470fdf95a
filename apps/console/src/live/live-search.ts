import { isUuid } from '../orders/orders-search.js';

/** The state of the page, as its address has it. */
export interface LiveSearch {
  /** The order of the row that has the keyboard. */
  readonly sel?: string;
}

/** What is not understood is left out. */
export const liveSearch = ({ sel }: Readonly<Record<string, unknown>>): LiveSearch => (isUuid(sel) ? { sel } : {});
