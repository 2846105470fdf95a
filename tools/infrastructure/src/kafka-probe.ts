import { connect } from 'node:net';
import { HOST } from './ports.js';

const ANSWER_WITHIN_MS = 1_000;

/** ApiVersions, version 0, from nobody: the smallest question of Kafka's protocol, answered by anything that is a broker. */
const API_VERSIONS = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);

/**
 * True when the broker answers. That its port is open says nothing: the system, or Docker's proxy, takes connections earlier.
 * Coordinators may still say "loading" for a moment: clients retry that.
 */
export function answersAsKafka(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST, timeout: ANSWER_WITHIN_MS });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => socket.write(API_VERSIONS));
    socket.once('data', () => end(true));
    for (const failure of ['timeout', 'error', 'close']) socket.once(failure, () => end(false));
  });
}
