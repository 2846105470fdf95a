/**
 * Keeps secrets and personal data out of the logs: those under a key that names them, inside a message, inside a URL that an error quotes.
 * It hides too much rather than too little. Its output is bounded, so that a log line stays short.
 */
export const REDACTED = '[redacted]';

const TEXT_MAX_CHARACTERS = 8_192;
const DEPTH_MAX = 6;
const ENTRIES_MAX = 64;

/** Endings of keys whose value is always a secret. Keys are compared without case, dashes, underscores and dots. */
const SECRET_KEY_ENDINGS = [
  'authorization',
  'cookie',
  'password',
  'passwd',
  'passphrase',
  'secret',
  'secretkey',
  'privatekey',
  'apikey',
  'token',
  'paymentmethod',
  'cardnumber',
  'cvc',
  'cvv',
  // Of a person. Not `address` alone: that of a machine must be read.
  'email',
  'phone',
  'phonenumber',
  'shippingaddress',
  'postaladdress',
  'line1',
];
const SECRET_KEYS = new Set(['card', 'pan', 'pwd']);

/** True for keys such as `Authorization`, `clientSecret`, `payment_method`. */
export function isSecretKey(key: string): boolean {
  const name = key.toLowerCase().replaceAll(/[-_.]/g, '');
  return SECRET_KEYS.has(name) || SECRET_KEY_ENDINGS.some((ending) => name.endsWith(ending));
}

const IN_TEXT: readonly (readonly [RegExp, string])[] = [
  // postgres://user:password@host: up to the last @ before the path, because an unescaped @ may be part of the password.
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s/:@"'<>]*):[^\s/"'<>]*@/gi, `$1:${REDACTED}@`],
  // Authorization: Bearer …, Basic …
  [/\b(bearer|basic)\s+[a-z0-9._~+/=-]{6,}/gi, `$1 ${REDACTED}`],
  // Stripe: secret, restricted and webhook keys, payment methods.
  [/\b(?:[sr]k_(?:test|live)|whsec|pm)_\w+/g, REDACTED],
  // E-mail addresses. Not names of packages: `kafkajs@2.2.4` has no top-level domain.
  [/[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}/gu, REDACTED],
  // JSON web tokens.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, REDACTED],
  // password=…, "client_secret": "…", access_token: …
  [
    /((?:password|passwd|passphrase|secret|token|api[-_]?key|payment[-_]?method)["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|[^\s,;&"'}\])]+)/gi,
    `$1${REDACTED}`,
  ],
];

/** Card numbers: 14 to 19 digits with spaces or dashes between them and a first digit that cards have. The check digit is checked later. */
const CARD_NUMBER = /\b[2-6](?:[ -]?\d){13,18}\b/g;

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const weighted = index % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

/** Hides the secrets in a text and cuts it to 8,192 characters. */
export function redactText(text: string): string {
  let result =
    text.length > TEXT_MAX_CHARACTERS ? `${text.slice(0, TEXT_MAX_CHARACTERS)}… (${text.length} characters)` : text;
  for (const [pattern, replacement] of IN_TEXT) result = result.replace(pattern, replacement);
  return result.replace(CARD_NUMBER, (number) => (passesLuhn(number.replaceAll(/\D/g, '')) ? REDACTED : number));
}

/** A copy without secrets that JSON can hold. Errors keep type, message, code, stack and causes. Deep, wide and long values are cut. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '[deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof URL) return redactText(value.href);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, ENTRIES_MAX).map((item) => redact(item, depth + 1));
  const entries = value instanceof Map ? [...value.entries()] : Object.entries(value);
  return redactEntries(entries, depth);
}

function redactEntries(entries: readonly (readonly [unknown, unknown])[], depth: number): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of entries.slice(0, ENTRIES_MAX)) {
    const key = String(name);
    result[key] = isSecretKey(key) && value !== undefined && value !== null ? REDACTED : redact(value, depth + 1);
  }
  return result;
}

/**
 * Keeps only these parts of an error: a driver's error has its whole connection configuration,
 * and TypeORM's has the parameters of the query, which are the customers' data.
 */
function redactError(error: Error, depth: number): Record<string, unknown> {
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  return redactEntries(
    Object.entries({
      type: error.name,
      message: error.message,
      code: isPlain(code) ? code : undefined,
      constraint: isPlain(constraint) ? constraint : undefined,
      table: isPlain(table) ? table : undefined,
      stack: error.stack,
      cause: error.cause,
      errors: error instanceof AggregateError ? error.errors : undefined,
    }).filter(([, part]) => part !== undefined),
    depth,
  );
}

const isPlain = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';
