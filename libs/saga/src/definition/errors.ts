/** A saga is not defined as it must be. Terminal: the service does not start with it. */
export class SagaDefinitionError extends Error {
  override readonly name = 'SagaDefinitionError';
  constructor(
    readonly saga: string,
    /** Every rule that is broken, each naming the step it is broken in. */
    readonly problems: readonly string[],
  ) {
    super(`saga ${saga}: ${problems.join('; ')}`);
  }
}

/**
 * An instance was begun by a saga, or a version of it, that is not registered (any more). Terminal until it is registered
 * again: a version may leave the registry only when no instance of it is unfinished.
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
