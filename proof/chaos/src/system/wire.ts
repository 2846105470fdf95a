import { connect } from 'node:net';

const ANSWER_WITHIN_MS = 10_000;
const CLIENT_ID = 'backstep-chaos';
const SIZE_BYTES = 4;

/** The broker closed the connection, or did not answer in time. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/**
 * One request of Kafka's protocol, over a connection of its own: what no client would send is sent by hand, and only libs/kafka
 * knows a client.
 * @returns the answer's body, behind its correlation id
 * @throws NoAnswerError
 */
export function ask(broker: string, api: number, version: number, body: Buffer): Promise<Buffer> {
  const [host, port] = broker.split(':');
  const header = Buffer.concat([int16(api), int16(version), int32(1), text(CLIENT_ID)]);
  const request = Buffer.concat([int32(header.length + body.length), header, body]);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), timeout: ANSWER_WITHIN_MS });
    const parts: Buffer[] = [];
    let bytes = 0;
    const fail = (cause?: Error): void => {
      socket.destroy();
      reject(new NoAnswerError(`${broker} did not answer`, { cause }));
    };
    socket.once('connect', () => socket.write(request));
    socket.on('data', (data: Buffer) => {
      parts.push(data);
      bytes += data.length;
      if (bytes < SIZE_BYTES) return;
      const answer = Buffer.concat(parts);
      if (bytes < SIZE_BYTES + answer.readInt32BE(0)) return;
      socket.destroy();
      resolve(answer.subarray(2 * SIZE_BYTES));
    });
    socket.once('timeout', () => fail());
    socket.once('error', fail);
    socket.once('close', () => fail());
  });
}

export function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

export function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

export const text = (value: string): Buffer => Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
export const array = (items: readonly Buffer[]): Buffer => Buffer.concat([int32(items.length), ...items]);
