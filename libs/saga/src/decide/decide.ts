import { UnknownSagaVersionError } from '../definition/errors.js';
import type { SagaDefinition } from '../definition/saga.js';
import { onEvent } from './answers.js';
import { ignored, type DecideContext, type Decision, type SagaInput } from './decision.js';
import { begin } from './forward.js';
import type { SagaInstance } from './instance.js';
import { onTimer } from './timers.js';

/**
 * The whole saga engine: what a saga does next, as a pure function. `decide` reads no clock, makes no id, sends nothing and changes none of
 * its arguments. The same arguments give the same decision.
 *
 * An input that does not count gives {@link Ignored}: the same instance, no commands.
 * @param instance undefined when there is no such saga yet
 * @throws UnknownSagaVersionError when the instance began with another definition than this one
 * @throws SagaDefinitionError when a `with` reads an answer that no earlier step has
 */
export function decide(
  definition: SagaDefinition,
  instance: SagaInstance | undefined,
  input: SagaInput,
  context: DecideContext,
): Decision {
  if (!instance) {
    const starts = input.kind === 'start' && startsWith(definition, input.message);
    return starts ? begin(definition, input.message, context) : ignored(undefined, 'no_such_saga');
  }
  // Before the version check: a start event that comes again after a deployment meets an instance of an older definition.
  if (input.kind === 'start') return ignored(instance, 'already_started');
  if (instance.name !== definition.name || instance.definitionVersion !== definition.version) {
    throw new UnknownSagaVersionError(instance.name, instance.definitionVersion, [definition.version]);
  }
  return input.kind === 'event'
    ? onEvent(definition, instance, input.message, context)
    : onTimer(definition, instance, input, context);
}

const startsWith = (
  { startsOn }: SagaDefinition,
  message: { readonly type: string; readonly version: number },
): boolean => message.type === startsOn.name && message.version === startsOn.version;
