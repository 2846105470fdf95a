/** An invariant does not hold. Ends the run; the same seed repeats it. */
export class ViolationError extends Error {
  override readonly name = 'ViolationError';
  constructor(
    /** The id of the invariant, such as `I3` or `liveness`. */
    readonly invariant: string,
    readonly what: string,
  ) {
    super(`${invariant}: ${what}`);
  }
}
