/**
 * `npm run stores -- NAME`: the suite of libs/stores against what takes too long to install for `npm test`.
 *
 *   npm run stores -- moto    DynamoDB with transactions, by an emulator (python3 with pip; once 1 min)
 *
 * Exit code 0 only when all checks passed. What is installed lies in the cache folder (BACKSTEP_CACHE_DIR). The server listens on loopback, and
 * ends with this command.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bootstrap } from '../bootstrap.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const MOTO = 'moto[server,dynamodb]==5.2.5';
const READY_WITHIN_MS = 60_000;

const TARGETS = { moto: onMoto };

const [name] = process.argv.slice(2);
const target = TARGETS[name];
if (!target) {
  console.error(`Say which: ${Object.keys(TARGETS).join(', ')}.`);
  process.exit(2);
}

await bootstrap();
const { cacheDir } = await import('../infrastructure/dist/maven.js');
const { startBound } = await import('../infrastructure/dist/bound-process.js');
const { freePort, HOST } = await import('../infrastructure/dist/index.js');
const { freshKey, STORE_CHECKS } = await import('../../libs/stores/dist/testing/index.js');
const run = promisify(execFile);

try {
  process.exitCode = (await target()).length === 0 ? 0 : 1;
} catch (error) {
  console.error(`${error.message}${error.stderr ?? ''}`);
  process.exitCode = 1;
}

/** @returns the names of the checks that failed */
async function check(make) {
  const stores = [await make(), await make()];
  const failed = [];
  for (const { name: what, run: check } of STORE_CHECKS) {
    const began = performance.now();
    const error = await check({ stores, key: freshKey() }).then(() => undefined, String);
    if (error) failed.push(what);
    const ms = Math.round(performance.now() - began);
    console.log(`${error ? '✕' : '✓'} ${what} (${ms} ms)${error ? `\n    ${error.split('\n')[0]}` : ''}`);
  }
  return failed;
}

async function onMoto() {
  // The SDK says on every start which Node its next versions want.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const { CreateTableCommand, DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const { DynamoDbStore, dynamoDbTable } = await import('../../libs/stores/dist/dynamodb/index.js');
  const environment = await made('moto-5.2.5', async (dir) => {
    await run('python3', ['-m', 'venv', dir]);
    await run(join(dir, 'bin', 'pip'), ['install', '--quiet', MOTO]);
  });
  const port = await freePort();
  const python = join(environment, 'bin', 'python');
  const server = await start('moto', python, () => [join(HERE, 'one-request-at-a-time.py'), HOST, String(port)], port);
  const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
  const client = new DynamoDBClient({ endpoint: `http://${HOST}:${port}`, region: 'eu-central-1', credentials });
  try {
    await client.send(new CreateTableCommand(dynamoDbTable('stores')));
    return await check(() => new DynamoDbStore(client, 'stores'));
  } finally {
    client.destroy();
    await server.stop();
  }
}

/** A folder of the cache. It is made in its place, because a venv knows its path, and marked when it is whole. */
async function made(folder, make) {
  const dir = join(cacheDir(), folder);
  const whole = join(dir, '.whole');
  if (existsSync(whole)) return dir;
  console.log(`Installing ${folder} (once) …`);
  rmSync(dir, { recursive: true, force: true });
  await make(dir);
  mkdirSync(whole);
  return dir;
}

function start(what, command, args, port) {
  return startBound({ name: what, command, args, ready: () => isListening(port), readyWithinMs: READY_WITHIN_MS });
}

function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
