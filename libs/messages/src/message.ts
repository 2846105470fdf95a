import { v5 as uuidv5 } from 'uuid';
import type { z } from 'zod';
import { newId } from './new-id.js';

/** A command is told to one service, an event by one to all. */
export type MessageKind = 'command' | 'event';

/**
 * One type of message, declared once. TypeScript types, JSON Schema and AsyncAPI derive from `schema`.
 * `keyOf` names the field whose value is the Kafka key, so all messages about one subject keep their order.
 */
export interface MessageDefinition<
  Name extends string = string,
  Schema extends z.ZodObject = z.ZodObject,
  Kind extends MessageKind = MessageKind,
> {
  readonly name: Name;
  readonly version: number;
  readonly kind: Kind;
  /** The service that receives the command, or that sends the event. */
  readonly service: string;
  readonly topic: string;
  readonly schema: Schema;
  readonly keyOf: keyof z.infer<Schema> & string;
  readonly summary: string;
}

/** The declaration of a command: see {@link command}. */
export type CommandDefinition = MessageDefinition<string, z.ZodObject, 'command'>;
/** The declaration of an event: see {@link event}. */
export type EventDefinition = MessageDefinition<string, z.ZodObject, 'event'>;

/** The data of a message, as its schema gives it. */
export type DataOf<D extends MessageDefinition> = z.infer<D['schema']>;

/** The CloudEvents attributes of a message, beside its data. All ids are UUIDs; new ones are UUIDv7. */
export interface MessageMetadata {
  /** `ce_id`: the deduplication id. A message that is sent again has the same id and is handled once. */
  readonly id: string;
  /** `ce_source`: the service that sent it. */
  readonly source: string;
  /** `ce_subject` and the Kafka key. */
  readonly subject: string;
  /** `ce_time`: RFC 3339, milliseconds. */
  readonly time: string;
  readonly sagaId?: string | undefined;
  /** The id of the message that caused this one. */
  readonly causationId?: string | undefined;
  /** On a command: its own id, the same in each attempt. On an event: the id of the command that it answers. */
  readonly commandId?: string | undefined;
  /** The version of the aggregate after the change that this event is about. */
  readonly aggregateVersion?: number | undefined;
  /** W3C trace context. */
  readonly traceparent?: string | undefined;
}

/** A message: its type, its metadata, and its data. */
export interface Message<D extends MessageDefinition = MessageDefinition> extends MessageMetadata {
  readonly type: D['name'];
  readonly version: number;
  readonly data: DataOf<D>;
}

interface Declaration<Schema extends z.ZodObject> {
  readonly version?: number;
  readonly key: keyof z.infer<Schema> & string;
  readonly summary: string;
  readonly data: Schema;
}

function define<Name extends string, Schema extends z.ZodObject, Kind extends MessageKind>(
  kind: Kind,
  service: string,
  name: Name,
  { version = 1, key, summary, data }: Declaration<Schema>,
): MessageDefinition<Name, Schema, Kind> {
  const topic = `${service}.${kind}s`;
  return Object.freeze({ name, version, kind, service, topic, schema: data, keyOf: key, summary });
}

/** Declares a command: it asks `service` to do something, and is sent on `<service>.commands`. */
export const command = <Name extends string, Schema extends z.ZodObject>(
  service: string,
  name: Name,
  declaration: Declaration<Schema>,
): MessageDefinition<Name, Schema, 'command'> => define('command', service, name, declaration);

/** Declares an event: it says what happened in `service`, and is sent on `<service>.events`. */
export const event = <Name extends string, Schema extends z.ZodObject>(
  service: string,
  name: Name,
  declaration: Declaration<Schema>,
): MessageDefinition<Name, Schema, 'event'> => define('event', service, name, declaration);

const NAMESPACE = '6f1c0b9e-3f6d-5c84-9a51-6a2c8f1d7b40';

/** An id that is always the same for the same parts (RFC 9562 UUIDv5): for things that must exist once, such as the saga of a subject. */
export const derivedId = (...parts: readonly string[]): string => uuidv5(parts.join('\n'), NAMESPACE);

/** The metadata that a sender gives. Defaults: a new `id`, and now as `time`. */
export type GivenMetadata = {
  readonly [K in keyof Omit<MessageMetadata, 'subject' | 'source'>]?: MessageMetadata[K] | undefined;
} & { readonly source: string };

/** Makes a message. The subject is taken from the data, so key and content cannot disagree. */
export function message<D extends MessageDefinition>(
  definition: D,
  data: DataOf<D>,
  metadata: GivenMetadata,
): Message<D> {
  return {
    id: metadata.id ?? newId(),
    type: definition.name,
    version: definition.version,
    source: metadata.source,
    subject: String((data as Record<string, unknown>)[definition.keyOf]),
    time: metadata.time ?? new Date().toISOString(),
    sagaId: metadata.sagaId,
    causationId: metadata.causationId,
    commandId: metadata.commandId,
    aggregateVersion: metadata.aggregateVersion,
    traceparent: metadata.traceparent,
    data,
  };
}
