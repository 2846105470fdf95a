/** A batch, or a record, is not what its format says. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError';
}

/** A batch, or a record, is larger than is opened. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** Why a record could not be opened. It cannot be handled, so its reader parks it. */
export interface Unreadable {
  /** unreadable: damaged, or in a form that nobody here knows. oversize: larger than is opened. */
  readonly cause: 'unreadable' | 'oversize';
  /** For an operator; without the record's bytes. */
  readonly error: string;
  /** The size of what was not opened, where that is known. */
  readonly sizeBytes?: number | undefined;
}
