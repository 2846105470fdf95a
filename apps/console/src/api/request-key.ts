const BYTES = 16;

/** A new Idempotency-Key. `crypto.randomUUID` is not there for a page that came without TLS from another machine. */
export const newRequestKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join('');
