/** More requests wait than may. Nothing was done; try again later. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';
  readonly retryable = true;
  constructor() {
    super('too many requests wait for the database');
  }
}

/** The rows of this batch are changed by others faster than it can be written. Nothing was done; try again later. */
export class ContendedError extends Error {
  override readonly name = 'ContendedError';
  readonly retryable = true;
  constructor(options: ErrorOptions) {
    super('lost the lock on its rows too often', options);
  }
}

/** A parked message was not handled by a replay, and stays parked. The message says why, to an operator. */
export class ReplayFailedError extends Error {
  override readonly name = 'ReplayFailedError';
}

/** A message could be neither handled nor parked, for a reason that lies in the database and not in the message. Try again later. */
export class ParkingUnavailableError extends Error {
  override readonly name = 'ParkingUnavailableError';
  readonly retryable = true;
  constructor(options: ErrorOptions) {
    super('the database does not park messages', options);
  }
}

/** The cause a message is parked with when its handler throws. An error names another by its `parkedAs`: short and stable. */
export function parkedAs(failure: unknown): string {
  const { parkedAs: named } = failure as { parkedAs?: unknown };
  return typeof named === 'string' ? named : 'handler_failed';
}

/**
 * For handlers: a command about something that is known, and known otherwise. It can neither be carried out nor be answered from what
 * is known: the answer would say yes to something else. It is parked, and its key is held until a person has looked.
 */
export class ContradictoryCommandError extends Error {
  override readonly name = 'ContradictoryCommandError';
  readonly parkedAs = 'contradicts';
  /** @param differences each with what is known and what the command says */
  constructor(command: string, differences: readonly string[]) {
    super(`${command} contradicts what is known: ${differences.join('; ')}`);
  }
}
