import { derivedId, type EventDefinition, type Message, type MessageDefinition } from '@backstep/messages';
import { messagesOf } from './check-definition.js';
import { SagaDefinitionError, UnknownSagaVersionError } from './errors.js';
import type { SagaDefinition } from './saga.js';

/** The sagas that a process runs. Several versions of a saga are registered side by side until the last instance of the older one has ended. */
export interface SagaRegistry {
  readonly definitions: readonly SagaDefinition[];
  /** Every event to listen to, each once: those that start a saga, that turn it back, and that answer a command. */
  readonly events: readonly EventDefinition[];
  /** Every message that any of the sagas sends or receives, each once. */
  readonly messages: readonly MessageDefinition[];
  /** Of each saga the newest version that this version of the event starts. During a deployment of writers both versions of the event come. */
  startedBy(event: Pick<Message, 'type' | 'version'>): readonly SagaDefinition[];
  /** Of each saga the newest version that this version of the event turns back. */
  turnedBackBy(event: Pick<Message, 'type' | 'version'>): readonly SagaDefinition[];
  /** The definition that an instance began with; undefined when it is not registered. */
  find(instance: { readonly name: string; readonly definitionVersion: number }): SagaDefinition | undefined;
  /** @throws UnknownSagaVersionError */
  definitionOf(instance: { readonly name: string; readonly definitionVersion: number }): SagaDefinition;
}

/**
 * The id of a saga follows from its name and subject, so a start that comes twice means the same instance.
 * @param identity the value of the field that `identifiedBy` names, where the saga names one
 */
export const sagaIdFor = (definition: Pick<SagaDefinition, 'name'>, subject: string, identity?: string): string =>
  identity === undefined ? derivedId(definition.name, subject) : derivedId(definition.name, subject, identity);

/** The id of the saga that a message starts or turns back. */
export const sagaIdOf = (
  definition: Pick<SagaDefinition, 'name' | 'identifiedBy'>,
  { subject, data }: Pick<Message, 'subject' | 'data'>,
): string =>
  definition.identifiedBy === undefined
    ? sagaIdFor(definition, subject)
    : sagaIdFor(definition, subject, String(data[definition.identifiedBy]));

const NONE: readonly SagaDefinition[] = Object.freeze([]);

/** @throws SagaDefinitionError when the same version of a saga is given twice. */
export function sagaRegistry(definitions: readonly SagaDefinition[]): SagaRegistry {
  const byVersion = new Map<string, SagaDefinition>();
  const [starts, turnsBack] = [newestByEvent(), newestByEvent()];
  for (const definition of definitions) {
    const key = keyOf(definition.name, definition.version);
    if (byVersion.has(key))
      throw new SagaDefinitionError(definition.name, [`version ${definition.version} is registered twice`]);
    byVersion.set(key, definition);
    starts.add(definition.startsOn, definition);
    if (definition.turnsBackOn) turnsBack.add(definition.turnsBackOn.event, definition);
  }
  const find: SagaRegistry['find'] = ({ name, definitionVersion }) => byVersion.get(keyOf(name, definitionVersion));
  const [started, turnedBack] = [starts.byEvent(), turnsBack.byEvent()];
  const messages = [
    ...new Map(definitions.flatMap(messagesOf).map((one) => [keyOf(one.name, one.version), one])).values(),
  ];
  return Object.freeze({
    definitions: Object.freeze([...definitions]),
    events: Object.freeze(messages.filter(isEvent)),
    messages: Object.freeze(messages),
    startedBy: ({ type, version }) => started.get(keyOf(type, version)) ?? NONE,
    turnedBackBy: ({ type, version }) => turnedBack.get(keyOf(type, version)) ?? NONE,
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

/** The newest version of each saga, by an event. */
function newestByEvent() {
  const byEvent = new Map<string, Map<string, SagaDefinition>>();
  return {
    add({ name, version }: EventDefinition, definition: SagaDefinition): void {
      const event = keyOf(name, version);
      const newest = byEvent.get(event) ?? new Map<string, SagaDefinition>();
      byEvent.set(event, newest);
      if ((newest.get(definition.name)?.version ?? 0) < definition.version) newest.set(definition.name, definition);
    },
    byEvent: (): ReadonlyMap<string, readonly SagaDefinition[]> =>
      new Map([...byEvent].map(([event, newest]) => [event, Object.freeze([...newest.values()])])),
  };
}

const isEvent = (definition: MessageDefinition): definition is EventDefinition => definition.kind === 'event';

const keyOf = (name: string, version: number): string => `${name}/${version}`;
