import { z } from 'zod';
import { InvalidMessageError } from './errors.js';
import type { Message, MessageDefinition } from './message.js';
import { MAX_HEADERS_CHARACTERS, MAX_MESSAGE_BYTES } from './limits.js';

/** A message as Kafka carries it: CloudEvents 1.0, Kafka protocol binding, binary mode. All fields are text. */
export interface WireMessage {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** A message that is ready to be sent, and its bytes in a record batch of Kafka. */
export interface EncodedMessage extends WireMessage {
  readonly bytes: number;
}

/** Bytes of a record beside its key, value and headers: lengths, offset and time, as varints at their longest. */
const RECORD_OVERHEAD_BYTES = 36;
/** Bytes of the lengths of a header's name and value, at their longest for a value of less than 16 KB. */
const HEADER_OVERHEAD_BYTES = 4;

/** The bytes of a message in an uncompressed record batch of Kafka. May be a few bytes too many, never too few. */
export const encodedBytes = ({ key, headers, value }: WireMessage): number =>
  bytesOf(key, headers, Buffer.byteLength(value));

function bytesOf(key: string, headers: Readonly<Record<string, string>>, valueBytes: number): number {
  let bytes = RECORD_OVERHEAD_BYTES + Buffer.byteLength(key) + valueBytes;
  for (const name in headers) {
    bytes += HEADER_OVERHEAD_BYTES + name.length + Buffer.byteLength(headers[name] ?? '');
  }
  return bytes;
}

const DATASCHEMA = /^urn:backstep:schema:([A-Za-z]+):(\d+)$/;
const dataschema = (name: string, version: number): string => `urn:backstep:schema:${name}:${version}`;

/**
 * Encodes a message for Kafka.
 * @throws InvalidMessageError when the data does not match the schema, so that no invalid message leaves a service
 */
export function encode(message: Message, definition: MessageDefinition): EncodedMessage {
  const value = JSON.stringify(parseData(definition, message.data));
  const valueBytes = Buffer.byteLength(value);
  if (valueBytes > MAX_MESSAGE_BYTES) {
    throw new InvalidMessageError('oversize', `${message.type} is larger than ${MAX_MESSAGE_BYTES} bytes`);
  }
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: message.id,
    ce_type: message.type,
    ce_source: message.source,
    ce_subject: message.subject,
    ce_time: message.time,
    ce_dataschema: dataschema(message.type, message.version),
  };
  if (message.sagaId) headers['ce_sagaid'] = message.sagaId;
  if (message.causationId) headers['ce_causationid'] = message.causationId;
  if (message.commandId) headers['ce_commandid'] = message.commandId;
  if (message.aggregateVersion !== undefined) headers['ce_aggregateversion'] = String(message.aggregateVersion);
  if (message.traceparent) headers['traceparent'] = message.traceparent;
  const key = message.subject;
  return { topic: definition.topic, key, headers, value, bytes: bytesOf(key, headers, valueBytes) };
}

const Uuid = z.uuid();

/** A message as Kafka delivered it. `topic` is left out where it is no longer known. */
export interface DeliveredWire {
  readonly topic?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string | null;
}

/** The part of a catalogue that decoding needs. */
export interface Dictionary {
  find(name: string, version: number): MessageDefinition | undefined;
  /** The one service that sends commands. */
  readonly commandsFrom: string;
}

/**
 * Decodes a message from Kafka. Kafka's ACLs decide who may write to a topic. Here it is checked that a message is in the topic of its type and
 * names the sender to which that topic belongs. Otherwise an ACL for one topic would allow every type of message.
 * @param known the definition that its headers name, when the caller has looked it up already; default: looked up in the dictionary
 * @throws InvalidMessageError naming the cause: such a message can never be handled and is parked
 */
export function decode(wire: DeliveredWire, dictionary: Dictionary, known?: MessageDefinition): Message {
  const { headers, value } = wire;
  const id = headers['ce_id'];
  const type = headers['ce_type'];
  if (!id || !type) throw new InvalidMessageError('not_cloudevents', 'ce_id or ce_type is missing');
  if (!Uuid.safeParse(id).success)
    throw new InvalidMessageError('not_cloudevents', `ce_id is not a UUID: ${id.slice(0, 100)}`);
  if (value === null) throw new InvalidMessageError('null_value', `${shown(type)} has no value`);
  checkSize(type, headers, value);
  const definition = known ?? definitionOf(type, headers, dictionary);
  const source = headers['ce_source'] ?? '';
  assertBelongs(definition, dictionary.commandsFrom, wire.topic, source);
  return {
    id,
    type,
    version: definition.version,
    source,
    subject: headers['ce_subject'] ?? '',
    time: headers['ce_time'] ?? '',
    sagaId: headers['ce_sagaid'],
    causationId: headers['ce_causationid'],
    commandId: headers['ce_commandid'],
    aggregateVersion: aggregateVersionOf(headers),
    traceparent: headers['traceparent'],
    data: parseData(definition, parseJson(value)),
  };
}

/** The version that the headers name; 1 when they name none; undefined when `ce_dataschema` is not one of ours. */
export function versionOf(headers: Readonly<Record<string, string>>): number | undefined {
  const schema = headers['ce_dataschema'];
  if (schema === undefined) return 1;
  const version = DATASCHEMA.exec(schema)?.[2];
  return version === undefined ? undefined : Number(version);
}

function definitionOf(
  type: string,
  headers: Readonly<Record<string, string>>,
  dictionary: Dictionary,
): MessageDefinition {
  const version = versionOf(headers);
  if (version === undefined) {
    throw new InvalidMessageError(
      'unknown_type',
      `ce_dataschema is not ours: ${shown(headers['ce_dataschema'] ?? '')}`,
    );
  }
  const definition = dictionary.find(type, version);
  if (!definition) throw new InvalidMessageError('unknown_type', `unknown message ${shown(type)} version ${version}`);
  return definition;
}

const shown = (text: string): string => text.slice(0, 100);

function checkSize(type: string, headers: Readonly<Record<string, string>>, value: string): void {
  let characters = 0;
  for (const name in headers) characters += name.length + (headers[name]?.length ?? 0);
  if (characters > MAX_HEADERS_CHARACTERS) {
    const problem = `${shown(type)} has ${characters} characters of headers; ${MAX_HEADERS_CHARACTERS} are accepted`;
    throw new InvalidMessageError('oversize', problem);
  }
  const bytes = Buffer.byteLength(value);
  if (bytes <= MAX_MESSAGE_BYTES) return;
  throw new InvalidMessageError('oversize', `${shown(type)} has ${bytes} bytes; ${MAX_MESSAGE_BYTES} are accepted`);
}

/**
 * Versions are whole numbers that JavaScript has exactly. (An Integer of CloudEvents ends at 2,147,483,647; to CloudEvents this attribute is a
 * String of digits.)
 */
function aggregateVersionOf(headers: Readonly<Record<string, string>>): number | undefined {
  const text = headers['ce_aggregateversion'];
  if (text === undefined) return undefined;
  const version = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(version)) return version;
  throw new InvalidMessageError('schema_mismatch', `ce_aggregateversion is not a version: ${shown(text)}`);
}

/** Refuses a message on another topic than that of its type, or from another service. */
function assertBelongs(
  { name, kind, topic, service }: MessageDefinition,
  commandsFrom: string,
  foundIn: string | undefined,
  source: string,
): void {
  if (foundIn !== undefined && foundIn !== topic) {
    throw new InvalidMessageError('wrong_topic', `${name} belongs on ${topic}, not on ${shown(foundIn)}`);
  }
  const sender = kind === 'event' ? service : commandsFrom;
  if (source !== sender) {
    throw new InvalidMessageError(
      'wrong_source',
      `${name} comes from ${sender}, not from ${shown(source) || 'nobody'}`,
    );
  }
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (cause) {
    throw new InvalidMessageError('bad_json', 'the value is not JSON', { cause });
  }
}

function parseData(definition: MessageDefinition, data: unknown): Record<string, unknown> {
  const result = definition.schema.safeParse(data);
  if (result.success) return result.data;
  const first = result.error.issues[0];
  const where = first?.path.join('.') ?? '';
  throw new InvalidMessageError(
    'schema_mismatch',
    `${definition.name}: ${where || 'value'}: ${first?.message ?? 'invalid'}`,
  );
}
