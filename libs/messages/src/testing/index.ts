import { ORCHESTRATOR } from '../catalogue.js';
import { message, type DataOf, type Message, type MessageDefinition } from '../message.js';
import { newId } from '../new-id.js';

/** A command or event as a saga sends or gets it. */
export const aMessage = <D extends MessageDefinition>(
  definition: D,
  data: DataOf<D>,
  metadata: Partial<Message<D>> = {},
): Message<D> =>
  message(definition, data, { source: senderOf(definition), sagaId: newId(), commandId: newId(), ...metadata });

const senderOf = ({ kind, service }: MessageDefinition): string => (kind === 'event' ? service : ORCHESTRATOR);
