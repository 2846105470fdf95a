import { connect } from 'node:net';
import { startBound } from './bound-process.js';
import { freePort, HOST } from './ports.js';
import { redisBinary } from './redis-binary.js';

const READY_WITHIN_MS = 10_000;
const ANSWER_WITHIN_MS = 1_000;

export interface Redis {
  /** As in `redis://127.0.0.1:10001`. */
  readonly url: string;
  /** Process id of the server, so that a spec can stop and continue it; undefined for the one of `REDIS_URL`. */
  readonly pid: number | undefined;
  /** Ends the server that was started, and its data. The one of `REDIS_URL` is left as it is. Safe to call again. */
  stop(): Promise<void>;
}

/**
 * A real Redis: the one of `REDIS_URL`, which others may use too, else a server of one's own on a free loopback port, empty, kept in memory
 * only. It ends with this process at the latest.
 * @returns undefined where no `redis-server` is to be had; one line on stderr says so
 */
export async function startRedis(): Promise<Redis | undefined> {
  const given = process.env['REDIS_URL'];
  if (given) return { url: given, pid: undefined, stop: () => Promise.resolve() };
  const binary = await redisBinary().catch((error: Error) => error);
  if (binary === undefined || binary instanceof Error) {
    const why = binary instanceof Error ? ` (${binary.message.replaceAll(/\s+/g, ' ').slice(0, 200)})` : '';
    process.stderr.write(
      `No Redis: REDIS_URL is not set, redis-server is not on the PATH, and Maven brings none${why}.\n`,
    );
    return undefined;
  }
  const port = await freePort();
  const { pid, stop } = await startBound({
    name: 'redis-server',
    command: binary,
    args: (dir) => [
      ...['--bind', HOST, '--port', String(port), '--dir', dir],
      // Nothing is written to disk.
      ...['--save', '', '--appendonly', 'no'],
    ],
    ready: () => answersPing(port),
    readyWithinMs: READY_WITHIN_MS,
  });
  return { url: `redis://${HOST}:${port}`, pid, stop };
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST, timeout: ANSWER_WITHIN_MS });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => end(answer.toString().startsWith('+PONG')));
    for (const failure of ['timeout', 'error', 'close']) socket.once(failure, () => end(false));
  });
}
