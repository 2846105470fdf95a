import { isSecretKey, REDACTED, redactText } from '@backstep/redaction';

/** Levels of a value that are looked into. What lies deeper is hidden: no message of ours is so deep. */
const DEPTH_MAX = 16;

/** Of an address, this says whether the carrier goes there, and nothing of a person. */
const NOT_PERSONAL = 'country';

/**
 * The value of a message as operators see it: what names a secret or a person's data by its key is hidden. A text that is no JSON has no keys,
 * so what looks like a secret in it is.
 */
export const withoutSecrets = (value: unknown): unknown =>
  typeof value === 'string' ? redactText(value) : shown(value, false, 0);

function shown(value: unknown, isSecret: boolean, depth: number): unknown {
  if (value === null) return value;
  if (typeof value !== 'object') return isSecret ? REDACTED : value;
  if (depth >= DEPTH_MAX) return REDACTED;
  if (Array.isArray(value)) return value.map((item) => shown(item, isSecret, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      return [key, shown(member, (isSecret && key !== NOT_PERSONAL) || isSecretKey(key), depth + 1)];
    }),
  );
}
