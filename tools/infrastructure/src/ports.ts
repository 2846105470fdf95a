import { PortsTakenError, PortTakenError } from './errors.js';
import { FreePorts, probe } from './free-ports.js';

export { HOST } from './free-ports.js';

const ports = new FreePorts();

/** A port that nobody listens on, and that neither the system nor another starter takes before you do: see {@link FreePorts}. */
export const freePort = (): Promise<number> => ports.next();

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
