/** The container is healthy when its service says that it is ready. The image has no curl; a bare socket loads faster than `fetch`. */
import { get } from 'node:http';

const ANSWERS_WITHIN_MS = 2_000;

get({ host: '127.0.0.1', port: process.env.PORT, path: '/health/ready', timeout: ANSWERS_WITHIN_MS }, (response) => {
  process.exit(response.statusCode === 200 ? 0 : 1);
})
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
