import { decode, encode, type DeliveredWire, type Dictionary, type EncodedMessage } from './codec.js';
import { InvalidMessageError } from './errors.js';
import type { Message, MessageDefinition } from './message.js';

/** The service that sends commands, unless an application names another. */
export const ORCHESTRATOR = 'orchestrator';

/** What an application may say about its catalogue. */
export interface CatalogueOptions {
  /** The one service that sends commands. Default: `orchestrator`. A command from another is parked. */
  readonly commandsFrom?: string;
  /**
   * The services that read each topic of events, by topic. Express needs to know them: a message that one of them waits for in another process is sent
   * to Kafka at once. Default: nobody knows. (Commands are read by the service of their topic alone.)
   */
  readonly readers?: Readonly<Record<string, readonly string[]>>;
}

/** All messages that the services of a system send and read. A message that is not in it is unknown, and is parked. */
export interface Catalogue extends Dictionary {
  readonly messages: readonly MessageDefinition[];
  /** Topics of its messages, each once. */
  readonly topics: readonly string[];
  /** The services that read a topic; undefined: not known, see {@link CatalogueOptions.readers}. */
  readersOf(topic: string): readonly string[] | undefined;
  /** @throws InvalidMessageError when the message is not in the catalogue, or its data do not match the schema. */
  encode(message: Message): EncodedMessage;
  /**
   * Reads a message as Kafka delivered it.
   * @param known the definition that its headers name, when the caller has looked it up already
   * @throws InvalidMessageError naming the cause: such a message can never be handled
   */
  decode(wire: DeliveredWire, known?: MessageDefinition): Message;
}

/**
 * Makes the catalogue of an application from all definitions of all its services.
 *
 *     export const CATALOGUE = catalogue([BakeBread, BreadBaked, OvenBroken]);
 *
 * @throws Error when a message is declared twice in one version
 */
export function catalogue(
  messages: readonly MessageDefinition[],
  { commandsFrom = ORCHESTRATOR, readers = {} }: CatalogueOptions = {},
): Catalogue {
  const byNameAndVersion = new Map<string, MessageDefinition>();
  for (const definition of messages) {
    const id = `${definition.name}/${definition.version}`;
    if (byNameAndVersion.has(id))
      throw new Error(`version ${definition.version} of ${definition.name} is declared twice`);
    byNameAndVersion.set(id, definition);
  }
  const find = (name: string, version: number): MessageDefinition | undefined =>
    byNameAndVersion.get(`${name}/${version}`);
  const readersOf = new Map(Object.entries(readers));
  for (const { kind, topic, service } of messages) if (kind === 'command') readersOf.set(topic, [service]);
  const self: Catalogue = {
    messages: Object.freeze([...messages]),
    topics: Object.freeze([...new Set(messages.map(({ topic }) => topic))]),
    readersOf: (topic) => readersOf.get(topic),
    commandsFrom,
    find,
    encode: (message) => {
      const definition = find(message.type, message.version);
      if (definition) return encode(message, definition);
      throw new InvalidMessageError('unknown_type', `unknown message ${message.type} version ${message.version}`);
    },
    decode: (wire, known) => decode(wire, self, known),
  };
  return Object.freeze(self);
}
