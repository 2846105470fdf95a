/**
 * A lock is not held any more: its lease has run out and another has taken it, or it was released. What was to be written under it is not
 * written. It is no conflict: the same attempt would fail each time.
 */
export class FenceError extends Error {
  override readonly name = 'FenceError';
  /** The cause that a message is parked with whose handler demands such a lock. */
  readonly parkedAs = 'fenced';
  constructor(
    readonly names: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`the lock ${names.join(', ')} is not held any more; nothing was written under it`, options);
  }
}
