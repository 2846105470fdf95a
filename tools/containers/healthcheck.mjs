/**
 * The container is healthy when its service says that it is ready; where several run in it, when all do: their ports are the arguments. The image
 * has no curl; a bare socket loads faster than `fetch`.
 */
import { get } from 'node:http';

const ANSWERS_WITHIN_MS = 5_000;

const isReady = (port) =>
  new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path: '/health/ready', timeout: ANSWERS_WITHIN_MS }, ({ statusCode }) =>
      resolve(statusCode === 200),
    )
      .on('timeout', () => resolve(false))
      .on('error', () => resolve(false));
  });

const ports = process.argv.length > 2 ? process.argv.slice(2) : [process.env.PORT];
const ready = await Promise.all(ports.map(isReady));
process.exit(ready.every(Boolean) ? 0 : 1);
