import { withoutSecrets } from './without-secrets.js';

/**
 * The text of a message as it came. Where something in it is hidden, JSON is written anew; another text has no keys, and is cut to as much of it
 * as is searched for what looks like a secret.
 */
export function shownText(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return String(withoutSecrets(text));
  }
  const [whole, shown] = [JSON.stringify(value), JSON.stringify(withoutSecrets(value))];
  return shown === whole ? text : shown;
}
