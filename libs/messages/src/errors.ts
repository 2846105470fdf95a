/** Why a message is invalid. Parked messages are grouped by this word. */
export type InvalidMessageCause =
  | 'not_cloudevents'
  | 'bad_json'
  | 'null_value'
  | 'oversize'
  | 'unknown_type'
  | 'schema_mismatch'
  | 'wrong_topic'
  | 'wrong_source';

/** A message that breaks its contract. Terminal: another attempt does not make it valid. */
export class InvalidMessageError extends Error {
  override readonly name = 'InvalidMessageError';
  constructor(
    readonly reason: InvalidMessageCause,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
