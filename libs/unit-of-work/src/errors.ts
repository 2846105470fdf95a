import type { SeenMessage, StoredOperation } from '@backstep/inbox';

/** Too many requests wait already (`requestQueueMax`). Nothing was written; try again later. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';
  readonly retryable = true;
  constructor(message = 'too many requests wait for the database') {
    super(message);
  }
}

/**
 * Other transactions changed the rows of the batch at each of its attempts. Nothing was written; try again later. The message names the rows for
 * which the last attempt was lost, where they are known: the cause has them.
 */
export class ContendedError extends Error {
  override readonly name = 'ContendedError';
  readonly retryable = true;
  constructor(options: ErrorOptions) {
    const { cause } = options;
    super(`lost the lock on its rows too often${cause instanceof Error ? `: ${cause.message}` : ''}`, options);
  }
}

/**
 * Somebody else holds a row that the request wants, and did not let go of it in the time that its entity allows (`locked({ wait })`).
 * Nothing was written; try again later.
 */
export class LockedError extends Error {
  override readonly name = 'LockedError';
  readonly retryable = true;
  constructor(
    readonly entity: string,
    readonly key: string,
    options?: ErrorOptions,
  ) {
    super(`${entity} ${key} is locked by somebody else`, options);
  }
}

/** What an operator wanted cannot be done to the parked message, which stays as it was. The error's message tells why. */
export class SettleRefusedError extends Error {
  override readonly name: string = 'SettleRefusedError';
}

/** A replay could not handle the parked message, which stays parked. The error's message tells an operator why. */
export class ReplayFailedError extends SettleRefusedError {
  override readonly name = 'ReplayFailedError';
}

/** No message is parked with this id, and none is known that was. */
export class NotParkedError extends Error {
  override readonly name = 'NotParkedError';
  constructor(readonly id: string) {
    super(`no message ${id} is parked here`);
  }
}

/** The parked message is not what the operator saw: it was tried again, or settled. Nothing was done. */
export class ParkedMovedOnError extends Error {
  override readonly name = 'ParkedMovedOnError';
  constructor(
    readonly id: string,
    readonly expectedVersion: number,
    /** As it is now; undefined: it is parked no more. */
    readonly current: SeenMessage | undefined,
    /** Who has settled it, where that was an operator. */
    readonly settled: StoredOperation | undefined,
  ) {
    super(`the message ${id} is not what it was at version ${expectedVersion}`);
  }
}

/** The idempotency key has settled the message for another reason, by another operator, or in another way. Nothing was done. */
export class ParkedKeyReusedError extends Error {
  override readonly name = 'ParkedKeyReusedError';
  constructor(action: string, reason: string) {
    super(`the key was used for: ${action}, ${reason}`);
  }
}

/** A message could be neither handled nor parked, because of the database and not of the message. Try again later. */
export class ParkingUnavailableError extends Error {
  override readonly name = 'ParkingUnavailableError';
  readonly retryable = true;
  constructor(options: ErrorOptions) {
    super('the database does not park messages', options);
  }
}

/** The cause that a message is parked with when its handler throws: the error's `parkedAs`, short and stable, or `handler_failed`. */
export function parkedAs(failure: unknown): string {
  const { parkedAs: named } = failure as { parkedAs?: unknown };
  return typeof named === 'string' ? named : 'handler_failed';
}

/**
 * For handlers: a command whose data differ from what an earlier command about the same thing has stored. The command cannot be carried
 * out. An answer from the stored row would confirm something else. So the command is parked, and its key is held until a person has looked.
 */
export class ContradictoryCommandError extends Error {
  override readonly name = 'ContradictoryCommandError';
  readonly parkedAs = 'contradicts';
  /** @param differences one text for each: the stored value, and the command's */
  constructor(command: string, differences: readonly string[]) {
    super(`${command} contradicts what is known: ${differences.join('; ')}`);
  }
}

/**
 * A handler has changed rows because of a decision that holds a row (`hold: true`) which is not there. What is not there cannot be locked,
 * so nobody could be kept from inserting it before the commit. It is a fault of the handler: let it insert the row, or hold one that is
 * there. (A decision that changes no row is not refused: it says what was so when it was read.)
 */
export class AbsenceNotHeldError extends Error {
  override readonly name = 'AbsenceNotHeldError';
  readonly parkedAs = 'absence_not_held';
  constructor(
    readonly entity: string,
    readonly key: string,
  ) {
    super(`${entity} ${key} is held and is not there, and rows are changed because of it: absence cannot be held`);
  }
}

/** A message that came by express is behind a parked one of its key. Kafka's copy is parked as held. */
export class HeldKeyError extends Error {
  override readonly name = 'HeldKeyError';
  constructor(readonly key: string) {
    super(`a message of ${key} is parked`);
  }
}
