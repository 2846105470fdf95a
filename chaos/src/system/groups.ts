import { connect } from 'node:net';
import { within } from '../waiting.js';

const ANSWER_WITHIN_MS = 3_000;
/** A group whose members were killed has them until their session times out, which is 6 s; then the coordinator must be loaded. */
const FORGOTTEN_WITHIN_MS = 30_000;
const DELETE_GROUPS = 42;
const NONE = 0;
const GROUP_ID_NOT_FOUND = 69;

/**
 * Makes Kafka forget consumer groups, so that they begin at offset zero again. Their members must be gone.
 * Spoken by hand: one request of Kafka's protocol (DeleteGroups, version 0) is less than a client, and only libs/kafka knows one.
 * @returns the groups that are still known when the time is over.
 */
export async function forgetGroups(broker: string, groups: readonly string[]): Promise<readonly string[]> {
  let left = groups;
  await within(FORGOTTEN_WITHIN_MS, async () => {
    const refused = await deleteGroups(broker, left);
    left = left.filter((group) => refused.includes(group));
    return left.length === 0;
  });
  return left;
}

/** @returns the groups that were not deleted. */
async function deleteGroups(broker: string, groups: readonly string[]): Promise<string[]> {
  const body = Buffer.concat([int32(groups.length), ...groups.map(text)]);
  const header = Buffer.concat([int16(DELETE_GROUPS), int16(0), int32(1), text('backstep-chaos')]);
  const answer = await ask(broker, Buffer.concat([int32(header.length + body.length), header, body]));
  // Size, correlation id and throttle time; then how many, and each one's name and error.
  const count = answer.readInt32BE(12);
  const refused: string[] = [];
  for (let index = 0, at = 16; index < count; index++) {
    const end = at + 2 + answer.readInt16BE(at);
    const error = answer.readInt16BE(end);
    if (error !== NONE && error !== GROUP_ID_NOT_FOUND) refused.push(answer.toString('utf8', at + 2, end));
    at = end + 2;
  }
  return refused;
}

function ask(broker: string, request: Buffer): Promise<Buffer> {
  const [host, port] = broker.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), timeout: ANSWER_WITHIN_MS });
    let answer = Buffer.alloc(0);
    const fail = (error?: Error): void => {
      socket.destroy();
      reject(error ?? new Error(`${broker} did not answer`));
    };
    socket.once('connect', () => socket.write(request));
    socket.on('data', (data) => {
      answer = Buffer.concat([answer, data]);
      if (answer.length < 4 || answer.length < 4 + answer.readInt32BE(0)) return;
      socket.destroy();
      resolve(answer);
    });
    socket.once('timeout', () => fail());
    socket.once('error', fail);
    socket.once('close', () => fail());
  });
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

const text = (value: string): Buffer => Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
