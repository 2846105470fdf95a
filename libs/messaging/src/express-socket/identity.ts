import { createPublicKey, generateKeyPairSync, randomBytes, sign, verify, type KeyObject } from 'node:crypto';
import { BadFrameError } from './frames.js';

/** The version of the protocol. Peers of different versions do not speak with each other. */
export const VERSION = 1;

/** Bytes of a nonce. */
const NONCE_BYTES = 32;

/** Who an end of a connection says that it is. */
export interface Name {
  readonly service: string;
  /** The Ed25519 public key of the process, base64url. The process has published it as a member of the consumer group of its service. */
  readonly key: string;
}

/** A name, and what a proof of it is made against. */
export interface Greeting extends Name {
  readonly nonce: string;
}

/** The part of an end of the connection that a proof speaks for. */
export type Role = 'client' | 'server';

/** What both ends prove to know: who they are, what is new in this connection, and the connection itself. */
export interface Transcript {
  readonly client: Greeting;
  readonly server: Greeting;
  /** Of a TLS connection what its two ends alone know of it, so that nobody stands between them; empty for a Unix socket. */
  readonly channel: string;
}

/** The key pair of a process, made when it starts. The private key never leaves it. */
export class Identity implements Name {
  readonly key: string;
  private readonly privateKey: KeyObject;

  constructor(readonly service: string) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.key = publicKey.export({ format: 'jwk' }).x ?? '';
    this.privateKey = privateKey;
  }

  greet(): Greeting {
    return { service: this.service, key: this.key, nonce: randomBytes(NONCE_BYTES).toString('base64url') };
  }

  /** @returns the signature, base64url */
  prove(role: Role, transcript: Transcript): string {
    return sign(null, textOf(role, transcript), this.privateKey).toString('base64url');
  }
}

/** Whether the end in this role has signed the transcript with the key that it names there. */
export function isProved(role: Role, transcript: Transcript, signature: string): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: transcript[role].key }, format: 'jwk' });
    return verify(null, textOf(role, transcript), key, Buffer.from(signature, 'base64url'));
  } catch {
    // Not a key.
    return false;
  }
}

const textOf = (role: Role, { client, server, channel }: Transcript): Buffer =>
  Buffer.from(
    JSON.stringify([
      ...['backstep-express', VERSION, role, client.service, client.key, client.nonce],
      ...[server.service, server.key, server.nonce, channel],
    ]),
  );

export const greetingText = (greeting: Greeting, signature = ''): string =>
  JSON.stringify({ version: VERSION, ...greeting, signature });

const TEXTS = ['service', 'key', 'nonce', 'signature'] as const;
const NONCE_CHARACTERS = Math.ceil((NONCE_BYTES * 8) / 6);

/** @throws BadFrameError */
export function readGreeting(body: Buffer): { readonly greeting: Greeting; readonly signature: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    throw new BadFrameError('a greeting that is not JSON');
  }
  const fields = (parsed ?? {}) as Readonly<Record<string, unknown>>;
  if (fields['version'] !== VERSION) throw new BadFrameError('another version of the protocol');
  const [service = '', key = '', nonce = '', signature = ''] = TEXTS.map((name) => {
    const value = fields[name];
    if (typeof value !== 'string') throw new BadFrameError(`a greeting without ${name}`);
    return value;
  });
  if (nonce.length !== NONCE_CHARACTERS) throw new BadFrameError('a greeting with a nonce of another length');
  return { greeting: { service, key, nonce }, signature };
}
