/** A length of time in milliseconds. Written with {@link seconds} and its siblings, so that the unit stands in the definition. */
export type Milliseconds = number;

/** So many milliseconds. */
export const milliseconds = (count: number): Milliseconds => count;
/** So many seconds, in milliseconds. */
export const seconds = (count: number): Milliseconds => count * 1000;
/** So many minutes, in milliseconds. */
export const minutes = (count: number): Milliseconds => count * 60_000;
/** So many hours, in milliseconds. */
export const hours = (count: number): Milliseconds => count * 3_600_000;
