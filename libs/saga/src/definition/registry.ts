import { derivedId, type EventDefinition, type Message, type MessageDefinition } from '@backstep/messages';
import { messagesOf } from './check-definition.js';
import { SagaDefinitionError, UnknownSagaVersionError } from './errors.js';
import type { SagaDefinition } from './saga.js';

/** The sagas that a process runs. Several versions of a saga are registered side by side until the last instance of the older one has ended. */
export interface SagaRegistry {
  readonly definitions: readonly SagaDefinition[];
  /** Every event to listen to, each once: those that start a saga and those that answer a command. */
  readonly events: readonly EventDefinition[];
  /** Every message that any of the sagas sends or receives, each once. */
  readonly messages: readonly MessageDefinition[];
  /** Of each saga the newest version that this version of the event starts. During a deployment of writers both versions of the event come. */
  startedBy(event: Pick<Message, 'type' | 'version'>): readonly SagaDefinition[];
  /** The definition that an instance began with; undefined when it is not registered. */
  find(instance: { readonly name: string; readonly definitionVersion: number }): SagaDefinition | undefined;
  /** @throws UnknownSagaVersionError */
  definitionOf(instance: { readonly name: string; readonly definitionVersion: number }): SagaDefinition;
}

/** The id of a saga follows from its name and subject, so a start that comes twice means the same instance. */
export const sagaIdFor = (definition: Pick<SagaDefinition, 'name'>, subject: string): string =>
  derivedId(definition.name, subject);

const NONE: readonly SagaDefinition[] = Object.freeze([]);

/** @throws SagaDefinitionError when the same version of a saga is given twice. */
export function sagaRegistry(definitions: readonly SagaDefinition[]): SagaRegistry {
  const byVersion = new Map<string, SagaDefinition>();
  /** The newest definitions, by start event and then by name. */
  const newest = new Map<string, Map<string, SagaDefinition>>();
  for (const definition of definitions) {
    const key = keyOf(definition.name, definition.version);
    if (byVersion.has(key))
      throw new SagaDefinitionError(definition.name, [`version ${definition.version} is registered twice`]);
    byVersion.set(key, definition);
    const start = keyOf(definition.startsOn.name, definition.startsOn.version);
    const started = newest.get(start) ?? new Map<string, SagaDefinition>();
    newest.set(start, started);
    if ((started.get(definition.name)?.version ?? 0) < definition.version) started.set(definition.name, definition);
  }
  const find: SagaRegistry['find'] = ({ name, definitionVersion }) => byVersion.get(keyOf(name, definitionVersion));
  const starts = new Map([...newest].map(([event, started]) => [event, Object.freeze([...started.values()])]));
  const messages = [
    ...new Map(definitions.flatMap(messagesOf).map((one) => [keyOf(one.name, one.version), one])).values(),
  ];
  return Object.freeze({
    definitions: Object.freeze([...definitions]),
    events: Object.freeze(messages.filter(isEvent)),
    messages: Object.freeze(messages),
    startedBy: ({ type, version }) => starts.get(keyOf(type, version)) ?? NONE,
    find,
    definitionOf: ({ name, definitionVersion }) => {
      const definition = find({ name, definitionVersion });
      if (definition) return definition;
      const known = definitions.filter((one) => one.name === name).map((one) => one.version);
      throw new UnknownSagaVersionError(
        name,
        definitionVersion,
        known.sort((a, b) => a - b),
      );
    },
  } satisfies SagaRegistry);
}

const isEvent = (definition: MessageDefinition): definition is EventDefinition => definition.kind === 'event';

const keyOf = (name: string, version: number): string => `${name}/${version}`;
