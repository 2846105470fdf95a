/**
 * A process of its own that reads so many streams of a gateway, as a browser reads them, and keeps nothing: what reading costs is not to be
 * charged to the gateway, nor to the load. Its parent is told when all are live; it ends with its parent.
 */
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import type { Told } from './stream-readers.js';

const LIVE = ': live';
const SHED = 'event: shed';
const BYE = 'event: bye';
const HEADERS = { accept: 'text/event-stream', 'accept-encoding': 'gzip, deflate, br', 'cache-control': 'no-cache' };

const { values } = parseArgs({ options: { url: { type: 'string' }, clients: { type: 'string' } } });
const { url = '' } = values;
const clients = Number(values.clients);
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

let live = 0;
let bytes = 0;
let shed = 0;
let lost: string | undefined;

const tell = (told: Told): void => void process.send?.(told);
const lose = (why: string): void => {
  lost ??= why;
  tell({ kind: 'lost', why });
};

function read(): void {
  const sent = request(url, { agent, headers: HEADERS }, (response) => {
    if (response.statusCode !== 200) return lose(`a stream was answered ${response.statusCode}`);
    let isLive = false;
    let begin = '';
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (!isLive) {
        begin += chunk.toString('latin1');
        isLive = begin.includes(LIVE);
        if (isLive) {
          begin = '';
          if (++live === clients) tell({ kind: 'live' });
        }
      }
      if (chunk.includes(SHED)) shed++;
      if (chunk.includes(BYE)) lose('the gateway let a client go that read too slowly');
    });
    response.on('close', () => lose('a stream ended'));
  });
  sent.on('error', ({ message }) => lose(`a stream broke off: ${message}`));
  sent.end();
}

process.on('disconnect', () => process.exit(0));
process.on('message', () => tell({ kind: 'so-far', bytes, shed }));
for (let client = 0; client < clients; client++) read();
