import { isUuid } from '../orders/orders-search.js';

/** The two orders of the page, as its address has them. */
export interface CompareSearch {
  readonly a?: string;
  readonly b?: string;
}

/** What is not understood is left out: then that order is still to be chosen. */
export const compareSearch = ({ a, b }: Readonly<Record<string, unknown>>): CompareSearch => ({
  ...(isUuid(a) && { a: a.toLowerCase() }),
  ...(isUuid(b) && { b: b.toLowerCase() }),
});

export const swapped = ({ a, b }: CompareSearch): CompareSearch => ({
  ...(b !== undefined && { a: b }),
  ...(a !== undefined && { b: a }),
});

/** With an order where one is still to be chosen; the second one changes when both are there. */
export const withOrder = ({ a, b }: CompareSearch, id: string): CompareSearch =>
  a === undefined ? { a: id, ...(b !== undefined && { b }) } : { a, b: id };

/** The same with one of the two still to be chosen. */
export const without = ({ ...search }: CompareSearch, name: keyof CompareSearch): CompareSearch => {
  delete search[name];
  return search;
};
