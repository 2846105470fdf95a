/**
 * Loaded into a service before its own code (`node --import`): what `--profile` measures. A first SIGUSR2 begins to sample what runs, a second
 * writes it where the bench wants it: a file that Chrome's developer tools and VS Code open.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { basename, dirname, join } from 'node:path';

const SAMPLE_EVERY_US = 500;

const session = new Session();
const dir = process.env['BACKSTEP_BENCH_PROFILES'] ?? '.';
/** `…/apps/order/dist/main.js` */
const service = basename(dirname(dirname(process.argv[1] ?? '')));
let running = false;

process.on('SIGUSR2', () => {
  if (!running) {
    running = true;
    session.connect();
    session.post('Profiler.enable');
    session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
    session.post('Profiler.start');
    return;
  }
  running = false;
  session.post('Profiler.stop', (error, answer) => {
    if (error) console.error(error);
    else writeFileSync(join(dir, `${service}-${process.pid}.cpuprofile`), JSON.stringify(answer.profile));
    session.disconnect();
  });
});
