import { OrderPlaced } from '@backstep/contracts';
import { isCommand, type LoggedMessage } from './causal-order.js';

/**
 * Whether these messages of an order, read from about its beginning on, are all there are: its first one is among them, so is whatever any of
 * them names as its cause, and each command is answered. What a broker with a late clock has put before the beginning is named by one of those,
 * or it is the only message of its service. An order that is under way is not whole: its last command has no answer yet.
 */
export function isWhole(messages: readonly Pick<LoggedMessage, 'topic' | 'headers'>[]): boolean {
  const ids = new Set(messages.map(({ headers }) => headers['ce_id']));
  const answered = new Set(messages.filter((one) => !isCommand(one)).map(({ headers }) => headers['ce_commandid']));
  const isAccountedFor = (message: Pick<LoggedMessage, 'topic' | 'headers'>): boolean => {
    const { ce_causationid: cause, ce_commandid: command } = message.headers;
    const isCauseThere = cause === undefined || ids.has(cause);
    return isCauseThere && (!isCommand(message) || (command !== undefined && answered.has(command)));
  };
  return messages.some(({ headers }) => headers['ce_type'] === OrderPlaced.name) && messages.every(isAccountedFor);
}
