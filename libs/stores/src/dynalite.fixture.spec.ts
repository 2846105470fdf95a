// @ts-expect-error: it has no types.
import dynalite from 'dynalite';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/** A table is there at once. */
const CREATE_TABLE_MS = 0;

/** An emulator of DynamoDB, in this process and in memory, on loopback: given no host it would listen on every interface. */
export async function startDynalite(): Promise<{
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}> {
  const server = (dynalite as (options: object) => Server)({ createTableMs: CREATE_TABLE_MS });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
