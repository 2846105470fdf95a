import { z } from 'zod';

/**
 * Environment variables are text. These schemas read the text strictly: `z.coerce` would turn '' into 0 and 'yes' into true.
 * Each error message names what is expected, so that one line is enough to correct the variable.
 */
export const integer = (limits: { readonly min?: number; readonly max?: number } = {}) => {
  const min = limits.min ?? Number.MIN_SAFE_INTEGER;
  const max = limits.max ?? Number.MAX_SAFE_INTEGER;
  const expected = `an integer from ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d{1,16}$/, expected)
    .transform(Number)
    .refine((value) => value >= min && value <= max, expected);
};

/** A TCP port. 0 lets the system choose one. */
export const port = () => integer({ min: 0, max: 65_535 });

/** Any text of at most `max` characters; default 1,000. */
export const text = (limits: { readonly max?: number } = {}) => {
  const max = limits.max ?? 1_000;
  return z.string().max(max, `text of at most ${max} characters`);
};

/** `true` or `false`, nothing else: a misspelt switch must not read as off. */
export const flag = () => z.enum(['true', 'false'], 'true or false').transform((value) => value === 'true');

/** One of these words, and nothing else. */
export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, `one of ${values.join(', ')}`);

/** An absolute URL of one of these schemes, such as `url('postgres', 'postgresql')`. */
export const url = (...schemes: readonly [string, ...string[]]) => {
  const expected = `a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  return z
    .string()
    .refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)), expected);
};

/** `host:port` pairs separated by commas, such as Kafka brokers. */
export const hostPorts = () =>
  z
    .string()
    .regex(/^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$/, 'host:port, more than one divided by commas')
    .transform((value): readonly string[] => value.split(','));

const TOKEN_MIN_CHARACTERS = 16;
const TOKEN = /^[\w.~+/=-]{16,255}$/;

/** A secret that is sent as a bearer token (RFC 6750). */
export const token = () => z.string().regex(TOKEN, `${TOKEN_MIN_CHARACTERS} to 255 letters, digits and any of -._~+/=`);

/** Host names without ports, separated by commas. */
export const hosts = () =>
  z
    .string()
    .regex(/^[\w.:-]+(,[\w.:-]+)*$/, 'host names, more than one divided by commas')
    .transform((value): readonly string[] => value.toLowerCase().split(','));
