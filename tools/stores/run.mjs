/**
 * `npm run stores -- NAME`: the suite of libs/stores against what takes too long to install for `npm test`.
 *
 *   npm run stores -- moto        DynamoDB with transactions, by an emulator (python3 with pip; once 1 min)
 *   npm run stores -- ferretdb    FerretDB v1, which lets several writers of one version win (go; once 1 min): the suite must fail on it
 *
 * Exit code 0 only when all checks passed; of ferretdb, when the check failed that must. Without go it says so and is skipped: exit code 0. What is
 * installed lies in the cache folder (BACKSTEP_CACHE_DIR). The servers listen on loopback, and end with this command.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bootstrap } from '../bootstrap.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const MOTO = 'moto[server,dynamodb]==5.2.5';
const FERRETDB = 'github.com/FerretDB/FerretDB/ferretdb@v1.24.2';
const READY_WITHIN_MS = 60_000;
/** Downloads and compiles what FerretDB depends on. */
const GO_WITHIN_MS = 20 * 60_000;

const TARGETS = {
  moto: { run: onMoto },
  ferretdb: { run: onFerretDb, needs: 'go', mustFail: 'of 20 that write one version at once, one does' },
};

const [name] = process.argv.slice(2);
const target = TARGETS[name];
if (!target) {
  console.error(`Say which: ${Object.keys(TARGETS).join(', ')}.`);
  process.exit(2);
}

const run = promisify(execFile);
if (target.needs && !(await isThere(target.needs))) {
  console.log(`skipped: ${name} needs ${target.needs}, which is not on the PATH.`);
  process.exit(0);
}

await bootstrap();
const { cacheDir } = await import('../infrastructure/dist/maven.js');
const { startBound } = await import('../infrastructure/dist/bound-process.js');
const { freePort, HOST, startPostgres } = await import('../infrastructure/dist/index.js');
const { freshKey, STORE_CHECKS } = await import('../../libs/stores/dist/testing/index.js');

try {
  const failed = await target.run();
  const { mustFail } = target;
  const isAsItMust = mustFail ? failed.includes(mustFail) : failed.length === 0;
  if (mustFail)
    console.log(`${name} ${isAsItMust ? 'fails the check that it must fail' : 'passes, and must not'}: ${mustFail}`);
  process.exitCode = isAsItMust ? 0 : 1;
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

async function onFerretDb() {
  // From where libs/stores finds it: TypeORM's is another version.
  const { MongoClient } = createRequire(join(HERE, '../../libs/stores/package.json'))('mongodb');
  const { MongoStore } = await import('../../libs/stores/dist/mongodb/index.js');
  const binaries = await made('ferretdb-1.24.2', async (dir) => {
    mkdirSync(dir, { recursive: true });
    copyFileSync(join(HERE, 'ferretdb.go'), join(dir, 'main.go'));
    const go = (...args) => run('go', args, { cwd: dir, timeout: GO_WITHIN_MS });
    await go('mod', 'init', 'ferretdb');
    await go('get', FERRETDB);
    // SQLite in Go takes longer to compile than all else.
    await go('build', '-tags', 'ferretdb_no_sqlite', '-o', 'ferretdb', '.');
  });
  const dir = mkdtempSync(join(tmpdir(), 'backstep-stores-'));
  const postgres = await startPostgres({ dir });
  try {
    const port = await freePort();
    const listening = `${HOST}:${port}`;
    const server = await start('ferretdb', join(binaries, 'ferretdb'), () => [listening, postgres.url], port);
    const client = new MongoClient(`mongodb://${listening}/`);
    try {
      return await check(() => new MongoStore(client.db('stores').collection('rows')));
    } finally {
      await client.close();
      await server.stop();
    }
  } finally {
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

function isThere(command) {
  return run(command, ['version']).then(
    () => true,
    () => false,
  );
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
