import { createServer } from 'node:net';
import { PortsTakenError, PortTakenError } from './errors.js';

export const HOST = '127.0.0.1';

/** Binds the port for a moment. 0 asks the system for one that is free. @throws NodeJS.ErrnoException EADDRINUSE, EACCES */
function probe(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: HOST, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}

/** A port nobody listens on now. Another program may take it before you do. */
export const freePort = (): Promise<number> => probe(0);

/** @throws PortTakenError when somebody listens on the port already, or when the system does not let us. */
export async function assertFree(what: string, port: number, setting: string): Promise<void> {
  try {
    await probe(port);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE' || code === 'EACCES') throw new PortTakenError(what, port, setting);
    throw error;
  }
}

export interface WantedPort {
  readonly what: string;
  readonly port: number;
  readonly setting: string;
}

/** @throws PortTakenError, or PortsTakenError that names all: who has moved one port should not meet the next. */
export async function assertAllFree(wanted: readonly WantedPort[]): Promise<void> {
  const looks = await Promise.allSettled(wanted.map(({ what, port, setting }) => assertFree(what, port, setting)));
  const errors = looks.flatMap((look) => (look.status === 'rejected' ? [look.reason as unknown] : []));
  const taken = errors.filter((error) => error instanceof PortTakenError);
  if (taken.length < errors.length) throw errors.find((error) => !(error instanceof PortTakenError));
  if (taken.length > 1) throw new PortsTakenError(taken);
  if (taken[0]) throw taken[0];
}
