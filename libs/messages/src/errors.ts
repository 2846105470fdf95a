export type InvalidMessageCause =
  | 'not_cloudevents'
  | 'bad_json'
  | 'null_value'
  | 'oversize'
  | 'unknown_type'
  | 'schema_mismatch'
  | 'wrong_topic'
  | 'wrong_source';

/** A message that does not keep its contract. Terminal: it will not become valid by trying again. */
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
