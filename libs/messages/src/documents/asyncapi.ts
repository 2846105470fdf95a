import type { MessageDefinition, MessageKind } from '../message.js';
import { MAX_MESSAGE_BYTES } from '../limits.js';
import type { WireMessage } from '../codec.js';
import type { TopicDeclaration } from '../topics.js';
import { HEADERS, REQUIRED_HEADERS } from './headers.js';
import { dataSchema, versionedName } from './json-schema.js';

/** The messages that each service sends and handles, as `Name.vN`, by the service's name. Read from the services' own code. */
export type Wiring = Readonly<
  Record<string, { readonly sends: readonly string[]; readonly handles: readonly string[] } | undefined>
>;

/** A system whose messages are documented. */
export interface DocumentedSystem {
  readonly title: string;
  readonly description: string;
  readonly license: { readonly name: string; readonly url: string };
  readonly messages: readonly MessageDefinition[];
  readonly topics: readonly TopicDeclaration[];
  readonly services: readonly string[];
  readonly server: { readonly host: string; readonly description: string };
  readonly wiring: Wiring;
  /** An example of this message as Kafka carries it. */
  exampleOf(definition: MessageDefinition, source: string): WireMessage;
}

const KAFKA_BINDING = '0.5.0';

/** All messages of the system as one AsyncAPI 3.0 document, without references to other files. */
export function asyncApiDocument(system: DocumentedSystem): Record<string, unknown> {
  const { title, description, license, messages, topics, services, server } = system;
  return {
    asyncapi: '3.0.0',
    info: { title, version: '1.0.0', description, license },
    defaultContentType: 'application/json',
    servers: { local: { host: server.host, protocol: 'kafka', description: server.description } },
    channels: Object.fromEntries(topics.map((topic) => [topic.name, channel(topic, messages)])),
    operations: Object.fromEntries(services.flatMap((service) => operations(service, system))),
    components: {
      messages: Object.fromEntries(
        messages.map((definition) => [versionedName(definition), asyncMessage(definition, system)]),
      ),
      schemas: Object.fromEntries(messages.map((definition) => [versionedName(definition), dataSchema(definition)])),
      messageTraits: { cloudEvent: cloudEventTrait() },
    },
  };
}

/** The services that send a message, by the wiring. */
export const sendersOf = (definition: MessageDefinition, wiring: Wiring): string[] =>
  Object.keys(wiring).filter((service) => wiring[service]?.sends.includes(versionedName(definition)));

/** The services that handle a message, by the wiring. */
export const handlersOf = (definition: MessageDefinition, wiring: Wiring): string[] =>
  Object.keys(wiring).filter((service) => wiring[service]?.handles.includes(versionedName(definition)));

function channel(
  { name: topic, partitions, retentionMs }: TopicDeclaration,
  all: readonly MessageDefinition[],
): Record<string, unknown> {
  const messages = all.filter((definition) => definition.topic === topic).map(versionedName);
  return {
    address: topic,
    description: TOPIC_DESCRIPTION[topic.endsWith('.commands') ? 'command' : 'event'],
    messages: Object.fromEntries(messages.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
    bindings: {
      kafka: {
        topic,
        partitions,
        topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': retentionMs },
        bindingVersion: KAFKA_BINDING,
      },
    },
  };
}

const TOPIC_DESCRIPTION: Readonly<Record<MessageKind, string>> = {
  command: 'What the service is asked to do.',
  event: 'What happened in the service.',
};

/** One operation for each service, direction and topic. */
function operations(
  service: string,
  { wiring, topics, messages: all }: DocumentedSystem,
): [string, Record<string, unknown>][] {
  const { sends = [], handles = [] } = wiring[service] ?? {};
  return topics.flatMap(({ name: topic }) =>
    (
      [
        ['sends', 'send', sends],
        ['handles', 'receive', handles],
      ] as const
    ).flatMap(([verb, action, wired]) => {
      const messages = all.filter((one) => one.topic === topic && wired.includes(versionedName(one)));
      if (messages.length === 0) return [];
      const operation = {
        action,
        channel: { $ref: `#/channels/${topic}` },
        tags: [{ name: service }],
        messages: messages.map((one) => ({ $ref: `#/channels/${topic}/messages/${versionedName(one)}` })),
      };
      return [[`${service}.${verb}.${topic}`, operation] satisfies [string, Record<string, unknown>]];
    }),
  );
}

function asyncMessage(definition: MessageDefinition, { wiring, exampleOf }: DocumentedSystem): Record<string, unknown> {
  const { name, version, kind, summary, keyOf } = definition;
  const { headers, value } = exampleOf(definition, sendersOf(definition, wiring)[0] ?? definition.service);
  return {
    name,
    title: version === 1 ? name : `${name}, version ${version}`,
    summary,
    tags: [{ name: kind }],
    traits: [{ $ref: '#/components/messageTraits/cloudEvent' }],
    bindings: {
      kafka: { key: { type: 'string', description: `The value of ${keyOf}.` }, bindingVersion: KAFKA_BINDING },
    },
    payload: { $ref: `#/components/schemas/${versionedName(definition)}` },
    examples: [{ name: `${name}Example`, headers, payload: JSON.parse(value) as Record<string, unknown> }],
  };
}

function cloudEventTrait(): Record<string, unknown> {
  return {
    description: `A CloudEvent whose attributes are Kafka headers. The value has at most ${MAX_MESSAGE_BYTES} bytes.`,
    contentType: 'application/json',
    correlationId: { location: '$message.header#/ce_commandid', description: HEADERS['ce_commandid']?.description },
    headers: { type: 'object', properties: HEADERS, required: REQUIRED_HEADERS },
  };
}
