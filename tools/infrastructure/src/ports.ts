import { createServer } from 'node:net';
import { PortTakenError } from './errors.js';

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
