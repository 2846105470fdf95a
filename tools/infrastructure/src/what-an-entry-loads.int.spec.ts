import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from './topology.js';

/**
 * Goal: who declares messages, problems or a saga loads no framework, ORM or driver, and who runs them loads no more than that needs.
 * Method: each entry as it is built, in a process of its own, in which Node says what it loads.
 */
const SAY_WHAT_IS_LOADED = `
  import { writeSync } from 'node:fs';
  export const load = (url, context, next) => {
    writeSync(1, url + '\\n');
    return next(url, context);
  };`;
const PROGRAM = `
  const { createRequire, register } = await import('node:module');
  const { pathToFileURL } = await import('node:url');
  const [hook, entry] = process.argv.slice(1);
  register('data:text/javascript,' + encodeURIComponent(hook));
  await import(entry);
  // What a CommonJS package requires passes no hook.
  for (const file of Object.keys(createRequire(process.cwd() + '/').cache)) console.log(pathToFileURL(file).href);`;

/** The packages that are not of this repository, sorted. */
async function loadedBy(entry: string): Promise<readonly string[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, SAY_WHAT_IS_LOADED, entry], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [urls, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if ((await ended) !== 0) throw new Error(`${entry} cannot be loaded: ${errors}`);
  const names = urls.split('\n').flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []);
  return [...new Set(names)].sort();
}

describe('an entry that declares', () => {
  it.each([
    ['@backstep/redaction', []],
    ['@backstep/resilience', []],
    ['@backstep/problems', ['zod']],
    ['@backstep/messages', ['uuid', 'zod']],
    ['@backstep/messages/documents', ['zod']],
    ['@backstep/messages/testing', ['uuid', 'zod']],
    ['@backstep/saga', ['uuid', 'zod']],
    ['@backstep/saga/testing', ['uuid', 'zod']],
    ['@backstep/contracts', ['uuid', 'zod']],
    ['@backstep/contracts/http', ['uuid', 'zod']],
    ['@backstep/orchestrator/sagas', ['uuid', 'zod']],
  ])('loads few packages: %s with %j', async (entry, packages) => {
    expect(await loadedBy(entry)).toEqual(packages);
  });
});

const NEST = /^@nestjs\//;
const POSTGRES = /^(typeorm|pg)$/;
const KAFKA = /^kafkajs$/;
const HTTP = /^(fastify|express|@nestjs\/platform-.*)$/;

describe('an entry that runs', () => {
  it.each([
    ['@backstep/concurrency', 'NestJS, Kafka', [NEST, KAFKA]],
    ['@backstep/inbox', 'NestJS, Kafka', [NEST, KAFKA]],
    ['@backstep/outbox', 'NestJS, Kafka', [NEST, KAFKA]],
    ['@backstep/unit-of-work', 'NestJS, Kafka', [NEST, KAFKA]],
    ['@backstep/locks', 'NestJS, Kafka', [NEST, KAFKA]],
    ['@backstep/locks/redis', 'NestJS, Kafka, PostgreSQL', [NEST, KAFKA, POSTGRES]],
    ['@backstep/locks/nest', 'an HTTP server', [HTTP]],
    ['@backstep/lanes', 'NestJS, Kafka', [NEST, KAFKA]],
    ['@backstep/lanes/nest', 'an HTTP server', [HTTP]],
    ['@backstep/saga/runtime', 'NestJS, Kafka', [NEST, KAFKA]],
    ['@backstep/kafka', 'NestJS, PostgreSQL', [NEST, POSTGRES]],
    ['@backstep/messaging', 'an HTTP server', [HTTP]],
    ['@backstep/saga/nest', 'an HTTP server', [HTTP]],
    ['@backstep/service', 'PostgreSQL, Kafka', [POSTGRES, KAFKA]],
  ])('loads nothing that it does not need: %s without %s', async (entry, _, unneeded) => {
    const loaded = await loadedBy(entry);
    expect(loaded.filter((name) => unneeded.some((pattern) => pattern.test(name)))).toEqual([]);
  });
});
