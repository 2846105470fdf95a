/**
 * Where `backstep up` is asked for faults, and the secret without which it does nothing: `<secret>@<path of a Unix socket>`, or
 * `<secret>@127.0.0.1:<port>` where there are none. It is the value of BACKSTEP_CONTROL.
 */
export interface ControlAddress {
  readonly secret: string;
  readonly at: { readonly socketPath: string } | { readonly port: number };
}

/** 256 bits, as hexadecimal. */
const SECRET = /^[0-9a-f]{64}$/;
const LOOPBACK = '127.0.0.1';

export const controlText = ({ secret, at }: ControlAddress): string =>
  `${secret}@${'port' in at ? `${LOOPBACK}:${at.port}` : at.socketPath}`;

/** @returns undefined for a text that `controlText` has not made */
export function controlAddressOf(text: string): ControlAddress | undefined {
  const at = text.indexOf('@');
  const [secret, place] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 0 || !SECRET.test(secret)) return undefined;
  const [, port] = /^127\.0\.0\.1:(\d{1,5})$/.exec(place) ?? [];
  if (port !== undefined) return { secret, at: { port: Number(port) } };
  return place.startsWith('/') ? { secret, at: { socketPath: place } } : undefined;
}
