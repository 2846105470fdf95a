import { connect } from 'node:net';
import { HOST } from './ports.js';

const ANSWER_WITHIN_MS = 1_000;

/** ApiVersions, version 0, from nobody: the smallest question of Kafka's protocol, answered by anything that is a broker. */
const API_VERSIONS = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);

/** Metadata, version 0, of no topic that is named: the brokers come first in the answer. */
const METADATA = Buffer.from([0, 0, 0, 14, 0, 3, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0, 0, 0, 0]);
/** Behind the answer's size and its correlation id. */
const BROKER_COUNT_AT = 8;

/**
 * True when the broker answers. That its port is open says nothing: the system, or Docker's proxy, takes connections earlier.
 * Coordinators may still say "loading" for a moment: clients retry that.
 */
export const answersAsKafka = async (port: number): Promise<boolean> =>
  (await firstOf(port, API_VERSIONS)) !== undefined;

/** How many brokers the one on this port knows to be up, itself among them; 0 when it does not answer. */
export async function brokersUp(port: number): Promise<number> {
  const answer = await firstOf(port, METADATA);
  return answer !== undefined && answer.length >= BROKER_COUNT_AT + 4 ? answer.readInt32BE(BROKER_COUNT_AT) : 0;
}

/** The first bytes of the answer. */
function firstOf(port: number, question: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST, timeout: ANSWER_WITHIN_MS });
    const end = (answer?: Buffer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write(question));
    socket.once('data', end);
    for (const failure of ['timeout', 'error', 'close']) socket.once(failure, () => end());
  });
}
