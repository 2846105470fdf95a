import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './ports.js';
import { ROOT } from './topology.js';

/**
 * Goal: the program that the smoke test of the secured containers runs in them fits the packages as they are: no compiler reads it.
 * Method: that program, on the packages as they are built, with an address where no Kafka listens.
 */
const START_WITHIN_MS = 30_000;

it(
  'the program that forges an event loads, encodes the event, and tells the answer of Kafka',
  async () => {
    const [, program = ''] =
      /SAYS_CHARGED = `([^`]+)`/.exec(readFileSync(join(ROOT, 'tools/containers/secure.mjs'), 'utf8')) ?? [];
    const env = { ...process.env, NODE_OPTIONS: '', NOBODY: '1', KAFKA_BROKERS: `127.0.0.1:${await freePort()}` };
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: ROOT,
      env,
    });
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/unavailable/);
  },
  START_WITHIN_MS,
);
