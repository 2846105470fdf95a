/** A length of time in milliseconds. Written with {@link seconds} and its siblings, so that the unit stands in the definition. */
export type Milliseconds = number;

export const milliseconds = (count: number): Milliseconds => count;
export const seconds = (count: number): Milliseconds => count * 1000;
export const minutes = (count: number): Milliseconds => count * 60_000;
export const hours = (count: number): Milliseconds => count * 3_600_000;
