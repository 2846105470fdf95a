import type { Catalogue, MessageDefinition } from '@backstep/messages';
import { handledBy } from '@backstep/unit-of-work';

interface HandlerClass {
  readonly name: string;
}

/**
 * The topics that a service reads: those of the messages that its handlers name.
 * @throws Error that names message and topic when a message can never be handled: it is not in the catalogue, it is a command to another
 * service, or two classes handle the same version of it.
 */
export function topicsRead(service: string, handlers: readonly HandlerClass[], catalogue: Catalogue): string[] {
  const handlerOf = new Map<string, HandlerClass>();
  const topics = new Set<string>();
  for (const handler of handlers) {
    for (const definition of handledBy(handler)) {
      const problem = problemOf(service, definition, catalogue);
      const message = `${definition.name} version ${definition.version} of ${definition.topic}`;
      if (problem) throw new Error(`${handler.name} handles ${message}, ${problem}`);
      const other = handlerOf.get(message);
      if (other) throw new Error(`${message} has two handlers: ${other.name} and ${handler.name}`);
      handlerOf.set(message, handler);
      topics.add(definition.topic);
    }
  }
  return [...topics].sort();
}

function problemOf(service: string, definition: MessageDefinition, catalogue: Catalogue): string | undefined {
  const { kind, service: owner, name, version } = definition;
  if (catalogue.find(name, version) !== definition) return 'which is not in the catalogue: add it there';
  return kind === 'command' && owner !== service ? `which is a command to ${owner}, and this is ${service}` : undefined;
}
