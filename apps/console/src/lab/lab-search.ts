/** The state of the page, as its address has it: a link makes no fault and places no order. */
export interface LabSearch {
  /** Orders a second, for when the load is begun. */
  readonly rate?: number;
}

export const RATE_DEFAULT = 5;
/** Each order takes a connection of the browser's few for as long as the gateway takes to answer. */
export const RATE_MAX = 40;

/** What is not understood is left out. */
export const labSearch = ({ rate }: Readonly<Record<string, unknown>>): LabSearch =>
  typeof rate === 'number' && Number.isInteger(rate) && rate >= 1 && rate <= RATE_MAX && rate !== RATE_DEFAULT
    ? { rate }
    : {};
