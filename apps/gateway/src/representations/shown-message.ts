import type { ReceivedMessage } from '@backstep/kafka';
import { type OrderMessage, toOrderMessage } from './order-message.js';
import { withoutSecrets } from './without-secrets.js';

/** A message for operators who look at many: its secrets, and what it says of persons, are hidden. */
export function shownMessage(message: ReceivedMessage): OrderMessage {
  const shown = toOrderMessage(message);
  const headers = withoutSecrets(shown.headers) as OrderMessage['headers'];
  return { ...shown, headers, value: withoutSecrets(shown.value) };
}
