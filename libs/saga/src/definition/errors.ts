/** A saga's definition breaks the rules. Terminal: the service does not start. */
export class SagaDefinitionError extends Error {
  override readonly name = 'SagaDefinitionError';
  constructor(
    readonly saga: string,
    /** Every rule that is broken, each with the name of the step that breaks it. */
    readonly problems: readonly string[],
  ) {
    super(`saga ${saga}: ${problems.join('; ')}`);
  }
}

/**
 * An instance began with a saga, or a version of a saga, that is not registered. Terminal until that version is registered again: a version
 * may leave the registry only when all of its instances have ended.
 */
export class UnknownSagaVersionError extends Error {
  override readonly name = 'UnknownSagaVersionError';
  constructor(
    readonly saga: string,
    readonly version: number,
    readonly knownVersions: readonly number[],
  ) {
    super(
      `saga ${saga} version ${version} is not registered; ` +
        (knownVersions.length > 0 ? `known: ${knownVersions.join(', ')}` : 'no version of it is'),
    );
  }
}
