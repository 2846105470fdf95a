/** The state of the page, as its address has it. */
export interface TopicsSearch {
  /** The consumer group of the rows that have the keyboard. */
  readonly sel?: string;
}

/** As the API takes one. */
const GROUP = /^[\w.-]{1,249}$/;

/** What is not understood is left out. */
export const topicsSearch = ({ sel }: Readonly<Record<string, unknown>>): TopicsSearch =>
  typeof sel === 'string' && GROUP.test(sel) ? { sel } : {};
