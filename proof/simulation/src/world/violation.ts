/** An invariant does not hold. Ends the run; the seed tells it again. */
export class ViolationError extends Error {
  override readonly name = 'ViolationError';
  constructor(
    /** As the design numbers it: `I3`; or `liveness`. */
    readonly invariant: string,
    readonly what: string,
  ) {
    super(`${invariant}: ${what}`);
  }
}
