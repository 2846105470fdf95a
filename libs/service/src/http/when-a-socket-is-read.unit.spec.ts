import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { readIntoBuffer } from './read-into-buffer.js';

/** Goal: a server's socket is read without an allocation for each read, and no byte is lost. Method: a server and a client on this machine. */
let server: Server;
let client: Socket;
let socket: Socket;

beforeEach(async () => {
  server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  [socket] = await accepted;
});

afterEach(() => {
  client.destroy();
  socket.destroy();
  server.close();
});

const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

it('this version of Node lets a socket that a server accepted be read into a buffer', () => {
  expect(readIntoBuffer(socket, () => undefined)).toBe(true);
});

it('data larger than the buffer arrive whole and in order, also with pauses, and all reads share the buffer', async () => {
  const sent = randomBytes(300_000);
  const taken: Buffer[] = [];
  const memory = new Set<ArrayBufferLike>();
  readIntoBuffer(socket, (bytes) => {
    taken.push(Buffer.from(bytes));
    memory.add(bytes.buffer);
    if (taken.length % 5 === 0) setImmediate(() => socket.pause() && setImmediate(() => socket.resume()));
  });
  client.end(sent);
  await once(socket, 'end');
  expect(hash(Buffer.concat(taken))).toBe(hash(sent));
  expect(taken.length).toBeGreaterThan(5);
  expect(memory.size).toBe(1);
});
