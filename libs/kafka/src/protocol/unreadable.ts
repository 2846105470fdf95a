/** A batch, or a record, is not what its format says. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError';
}

/** A batch, or a record, is larger than the bound. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}
