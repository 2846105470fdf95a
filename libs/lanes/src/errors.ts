import { ProblemError, PROBLEMS } from '@backstep/problems';
import { OverloadedError } from '@backstep/unit-of-work';
import type { NotStorable } from './storable-json.js';

/** Too many entries wait in the lane (`queueMax`). Nothing was stored; try again later. */
export class LaneFullError extends OverloadedError {
  constructor(
    readonly lane: string,
    readonly queueMax: number,
  ) {
    super(`${queueMax} entries wait in the lane ${lane}`);
  }
}

/** A handler's answer cannot be stored with its entry, so the entry is rejected. It is a fault of the handler. */
export class AnswerNotStorableError extends Error {
  override readonly name = 'AnswerNotStorableError';
  readonly parkedAs = 'answer_not_storable';
  constructor({ because }: NotStorable) {
    super(`the answer ${because}`);
  }
}

/** The id names an entry already, and that has another input. */
export const otherInput = (lane: string, id: string): ProblemError =>
  new ProblemError(PROBLEMS.idempotencyKeyReused, { detail: `The entry ${id} of ${lane} has another input.` });

/** The input cannot be stored. */
export const wrongInput = ({ because, tooLarge }: NotStorable): ProblemError =>
  tooLarge
    ? new ProblemError(PROBLEMS.payloadTooLarge, { detail: `The input ${because}.` })
    : wrong('input', because, `The input ${because}.`);

export const wrongId = (because: string): ProblemError => wrong('id', because, `The id ${because}.`);

const wrong = (field: string, message: string, detail: string): ProblemError =>
  new ProblemError(PROBLEMS.validation, { detail, errors: [{ in: 'body', field, message }] });
