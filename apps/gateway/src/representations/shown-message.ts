import type { ReceivedMessage } from '@backstep/kafka';
import { type OrderMessage, toOrderMessage } from './order-message.js';
import { withoutSecrets } from './without-secrets.js';

/**
 * A message as it is shown, to operators and to whoever knows its order's id: its secrets, and what it says of persons, are hidden. A payment method is
 * a secret: whoever has it can pay with it.
 */
export function shownMessage(message: ReceivedMessage): OrderMessage {
  const shown = toOrderMessage(message);
  const headers = withoutSecrets(shown.headers) as OrderMessage['headers'];
  return { ...shown, headers, value: withoutSecrets(shown.value) };
}
