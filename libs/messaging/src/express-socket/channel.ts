import { hkdfSync } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { HANDSHAKE_TIMEOUT_MS } from './limits.js';

/**
 * TLS by a key that both ends have, made from the token between services: encrypted, with keys that are new for each connection, and only for who has
 * the token. There is no certificate to give out. Which of the services speaks is proved within: see `Identity`.
 */
const TLS = {
  ciphers: 'ECDHE-PSK-CHACHA20-POLY1305',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.2',
} as const satisfies TlsOptions;

const PSK_IDENTITY = 'backstep-express';
const PSK_BYTES = 32;

const pskOf = (token: string): Buffer => Buffer.from(hkdfSync('sha256', token, '', PSK_IDENTITY, PSK_BYTES));

/** Whoever connects to the Unix socket is on this machine, and may open its file. */
export const unixServer = (take: (socket: Socket) => void): Server => createServer(take);

export function tlsServer(token: string, take: (socket: Socket) => void): Server {
  const psk = pskOf(token);
  const server = createTlsServer(
    {
      ...TLS,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      pskCallback: (_, identity) => (identity === PSK_IDENTITY ? psk : null),
    },
    take,
  );
  // Somebody without the token. The socket is destroyed already.
  return server.on('tlsClientError', () => undefined);
}

export const toUnix = (path: string): Socket => connect({ path });

/** @param tcp `host:port` */
export function toTls(tcp: string, token: string): Socket {
  const colon = tcp.lastIndexOf(':');
  const psk = pskOf(token);
  return connectTls({
    ...TLS,
    host: tcp.slice(0, colon),
    port: Number(tcp.slice(colon + 1)),
    pskCallback: () => ({ psk, identity: PSK_IDENTITY }),
    // The key says who it is.
    checkServerIdentity: () => undefined,
  });
}
