import { once } from 'node:events';
import { connect, type Server, type Socket } from 'node:net';
import type { PlatformApp } from '../lifecycle/create-app.js';

/** A raw connection, for bytes that no HTTP client would send. It is added to `opened`, to be destroyed when the spec ends. */
export async function openSocket(port: number, opened: Socket[]): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  opened.push(socket);
  await once(socket, 'connect');
  return socket;
}

export function connectionsOf({ app }: PlatformApp): Promise<number> {
  const server = app.getHttpServer() as unknown as Server;
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
}
