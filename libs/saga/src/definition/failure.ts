/** Most characters of a failure's message. A longer one is cut, since it could make the `whenUndone` command too large to send. */
export const FAILURE_MESSAGE_MAX = 500;

/** Why a saga turned back. The code is for programs; the message, of at most {@link FAILURE_MESSAGE_MAX} characters, is for people. */
export interface Failure<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
}

/** The engine's own code: a step's answer did not come in time, the deadline passed, or an operator stopped the saga. */
export const TIMED_OUT = 'timed_out';

/** Every code that a saga can fail with: those that it declares, and the engine's own. */
export type FailureCode<Declared extends string> = Declared | typeof TIMED_OUT;
