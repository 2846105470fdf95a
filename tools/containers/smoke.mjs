/**
 * `npm run smoke:compose`: does `docker compose up` do what it says? Prints the seconds of each step; exits 1 on any surprise.
 *
 *   npm run smoke:compose                one broker, one of each service; payment is killed, inventory doubled
 *   npm run smoke:compose -- --cluster   three brokers, two of each service; a broker is killed
 *   npm run smoke:compose -- --secure    Kafka with TLS, users and ACLs; a service says what another one says, and is refused
 *   npm run smoke:compose -- --together  all services in one container, which is killed
 *   npm run smoke:compose -- --express   services hand over from container to container; also with --cluster or --secure
 *   npm run smoke:compose -- --keep      leaves it running at the end, or where it failed, to be looked at
 *
 * In a project of its own (`backstep-smoke…`), on free ports. Needs a Docker engine with compose 2.24 or later.
 */
import { parseArgs } from 'node:util';
import { bootstrap } from '../bootstrap.mjs';
import { declarations } from '../services/declarations.mjs';
import { project } from './compose.mjs';
import { place, settle } from './orders.mjs';
import { madeUp } from './passwords.mjs';
import { kafkaIsClosed } from './secure.mjs';

const ORDERS = 240;
const CLIENTS = 12;
const ORDERS_AFTER_SCALING = 60;
/** Each with some orders: a lane opens with the second or third message of its shard. */
const HANDS_OVER_TRIES = 20;
/** A service must drain and end before it is killed; see stop_grace_period in docker-compose.yml. */
const STOP_WITHIN_S = 5;
const SERVICES = declarations().map(({ name }) => name);
const OWNERS = declarations().flatMap(({ name, database }) => (database ? [name] : []));

const { values: options } = parseArgs({
  options: {
    ...{ cluster: { type: 'boolean' }, secure: { type: 'boolean' }, together: { type: 'boolean' } },
    ...{ express: { type: 'boolean' }, keep: { type: 'boolean' } },
  },
});
const overlays = ['cluster', 'secure', 'together'].filter((one) => options[one]);
if (overlays.length > 1) throw new Error('--cluster, --secure and --together are overlays of their own: choose one.');
if (options.together && options.express)
  throw new Error('--together hands over within its container: leave out --express.');
if (options.express) overlays.push('express');
const name = ['backstep-smoke', ...overlays].join('-');
const files = ['docker-compose.yml', ...overlays.map((one) => `compose.${one}.yml`)];

await bootstrap();
const { compose, docker, backstep, gateway } = await project(name, files, options.secure ? madeUp(process.env) : {});
// The sample orders are a step of their own; `--wait` has no word for a container that ends.
const NO_DEMO = ['--scale', 'demo=0'];

let failed = false;
try {
  await compose('version', '--short').catch(() => {
    throw new Error('A running Docker engine with compose is needed, and none answers.');
  });
  await compose('down', '--volumes', '--remove-orphans');
  await (options.cluster ? cluster() : options.secure ? secure() : options.together ? together() : single());
} catch (error) {
  failed = true;
  console.error(`\n✗ ${error.message}`);
  if (!options.keep) console.error(await compose('logs', '--tail', '15').catch((told) => told.message));
} finally {
  if (!options.keep) await step('down', () => compose('down', '--volumes', '--remove-orphans'));
}
if (!failed && !options.keep) await step('nothing is left', nothingIsLeft);
process.exitCode = failed || process.exitCode ? 1 : 0;

async function single() {
  await step('build', () => compose('build', '--quiet'));
  const began = Date.now();
  await step('up, all healthy', () => compose('up', '--detach', '--wait', ...NO_DEMO));
  await step('sample orders', () => compose('run', '--rm', '--quiet-pull', 'demo'));
  await handsOver();
  const first = await place(gateway, 1, 1);
  await settle(gateway, first);
  note(`the first order of our own was confirmed ${seconds(began)} after \`up\``);
  await step("operators' functions ask for their token", tokenIsAsked);
  await step("no role reads another's database", ownDatabasesOnly);
  const { record, awayMs } = await step(`${ORDERS} orders, payment killed among them`, () =>
    during(ORDERS, async () => {
      await compose('kill', '--signal', 'SIGKILL', 'payment');
      await compose('up', '--detach', '--wait', '--no-deps', 'payment');
    }),
  );
  await step('each ended as it must', () => settleAfter(record, awayMs));
  await step('doctor', () => backstep('doctor'));
  await step('doctor, in a container', () => compose('run', '--rm', 'cli', 'doctor'));
  await step('inventory scaled to two', () =>
    compose('up', '--detach', '--wait', '--scale', 'inventory=2', ...NO_DEMO),
  );
  const more = await step(`${ORDERS_AFTER_SCALING} more orders`, () => place(gateway, ORDERS_AFTER_SCALING, CLIENTS));
  await step('each ended as it must', () => settle(gateway, more));
  await step('doctor', () => backstep('doctor'));
  await tellMemory();
  const orders = 1 + record.length + more.length;
  await step('services stop by themselves', () => stopInTime());
  await step('down', () => compose('down'));
  await step('up again, the data is there', async () => {
    await compose('up', '--detach', '--wait', ...NO_DEMO);
    await settle(gateway, [...first, ...record, ...more], awayMs);
    const [, counted] = /Orders\s+(\d+)/.exec(await backstep('doctor')) ?? [];
    if (Number(counted) < orders) throw new Error(`${orders} orders were placed, doctor counts ${counted}`);
  });
  note(`image ${await sizeOfImage()}`);
}

async function cluster() {
  await step('build', () => compose('build', '--quiet'));
  await step('up, all healthy', () => compose('up', '--detach', '--wait', ...NO_DEMO));
  await step('sample orders', () => compose('run', '--rm', 'demo'));
  await handsOver();
  const { record, awayMs } = await step(`${ORDERS} orders, broker 2 killed among them`, () =>
    during(ORDERS, () => compose('kill', '--signal', 'SIGKILL', 'kafka-2')),
  );
  await step('each ended as it must', () => settleAfter(record, awayMs));
  await step('doctor, with two brokers of three', () => compose('run', '--rm', '--no-deps', 'cli', 'doctor'));
  await step('broker 2 comes back', () => compose('up', '--detach', '--wait', '--no-deps', 'kafka-2'));
  const more = await step(`${ORDERS_AFTER_SCALING} more orders`, () => place(gateway, ORDERS_AFTER_SCALING, CLIENTS));
  await step('each ended as it must', () => settle(gateway, more));
  await step('doctor', () => backstep('doctor'));
  await tellMemory();
}

async function together() {
  await step('build', () => compose('build', '--quiet'));
  await step('up, all healthy', () => compose('up', '--detach', '--wait', ...NO_DEMO));
  await step('sample orders', () => compose('run', '--rm', '--quiet-pull', 'demo'));
  await handsOver();
  const { record, awayMs } = await step(`${ORDERS} orders, the host killed among them`, () =>
    during(ORDERS, async () => {
      await compose('kill', '--signal', 'SIGKILL', 'host');
      await compose('up', '--detach', '--wait', '--no-deps', 'host');
    }),
  );
  await step('each ended as it must', () => settleAfter(record, awayMs));
  await step('doctor', () => backstep('doctor'));
  await step('doctor, in a container', () => compose('run', '--rm', 'cli', 'doctor'));
  await tellMemory();
  await step('services stop by themselves', () => stopInTime(['host', 'payment-provider']));
}

async function secure() {
  await step('build', () => compose('build', '--quiet'));
  await step('up, all healthy', () => compose('up', '--detach', '--wait', ...NO_DEMO));
  await step('sample orders', () => compose('run', '--rm', '--quiet-pull', 'demo'));
  await handsOver();
  const first = await step(`${ORDERS_AFTER_SCALING} orders`, () => place(gateway, ORDERS_AFTER_SCALING, CLIENTS));
  await step('each ended as it must', () => settle(gateway, first));
  await step('Kafka refuses who may not', () => kafkaIsClosed(compose));
  await step('doctor, in a container', () => compose('run', '--rm', 'cli', 'doctor'));
  await step('services stop by themselves', () => stopInTime());
  await step('down', () => compose('down'));
  await step('up again: users, certificate and data are there', async () => {
    await compose('up', '--detach', '--wait', ...NO_DEMO);
    const more = await place(gateway, CLIENTS, CLIENTS);
    await settle(gateway, [...first, ...more]);
  });
}

/** Orders are placed until every service with a database has handed a message over: to another container, or, together, within its own. */
async function handsOver() {
  if (!options.express && !options.together) return;
  await step('services hand over', async () => {
    for (let tries = 1; ; tries++) {
      await settle(gateway, await place(gateway, CLIENTS, CLIENTS));
      const counts = await Promise.all(OWNERS.map(handedOver));
      if (counts.every((count) => count > 0)) return;
      if (tries === HANDS_OVER_TRIES)
        throw new Error(`handed over: ${OWNERS.map((name, at) => `${name} ${counts[at]}`).join(', ')}`);
    }
  });
}

/** How many messages the first instance of a service has handed over to all who read them. */
async function handedOver(owner) {
  const port = declarations().find(({ name }) => name === owner).port;
  const asks = `
    const headers = { authorization: 'Bearer ' + process.env.SERVICE_TOKEN };
    console.log(await (await fetch('http://127.0.0.1:${port}/metrics', { headers })).text());
  `;
  const page = await compose(
    'exec',
    '-T',
    options.together ? 'host' : owner,
    'node',
    '--input-type=module',
    '--eval',
    asks,
  );
  return Number(/^backstep_express_messages_total\{.*outcome="handed_over".*\} (\d+)$/m.exec(page)?.[1] ?? 0);
}

/** Places orders, and does something once a third of them are placed. @returns the orders, and how long that took */
async function during(count, disturb) {
  let disturbing;
  const timed = async () => {
    const since = Date.now();
    await disturb();
    return Date.now() - since;
  };
  const record = await place(gateway, count, CLIENTS, (placed) => {
    if (placed >= count / 3) disturbing ??= timed();
  });
  return { record, awayMs: await disturbing };
}

async function settleAfter(record, awayMs) {
  const timedOut = await settle(gateway, record, awayMs);
  if (timedOut > 0) note(`${timedOut} were undone: what was killed took ${Math.round(awayMs / 1000)} s to be back`);
}

async function tokenIsAsked() {
  const token = process.env.OPERATOR_TOKEN ?? 'operator-development-token';
  const statusWith = async (headers) => (await fetch(`${gateway}/v1/sagas`, { headers })).status;
  const asked = await statusWith({});
  const shown = await statusWith({ authorization: `Bearer ${token}` });
  if (asked !== 401 || shown !== 200) throw new Error(`answered ${asked} without the token, ${shown} with it`);
}

async function ownDatabasesOnly() {
  for (const [index, owner] of OWNERS.entries()) {
    const other = OWNERS[(index + 1) % OWNERS.length];
    const password = process.env[`${owner.toUpperCase()}_DB_PASSWORD`] ?? `${owner}-development`;
    const login = (database) =>
      compose(
        'exec',
        '-T',
        'postgres',
        'psql',
        `postgres://backstep_${owner}:${password}@127.0.0.1/${database}`,
        '-c',
        'SELECT 1',
      );
    await login(`backstep_${owner}`);
    for (const closed of [`backstep_${other}`, 'postgres']) {
      const refusal = await login(closed).then(
        () => `${owner}'s role can connect to ${closed}`,
        ({ message }) => (message.includes('permission denied for database') ? undefined : message),
      );
      if (refusal) throw new Error(refusal);
    }
  }
}

/** With SIGTERM and in time: exit code 137 would say that it was killed. */
async function stopInTime(services = SERVICES) {
  const since = Date.now();
  await compose('stop', ...services);
  const tookMs = Date.now() - since;
  const containers = (await compose('ps', '--all', '--format', '{{.Service}} {{.ExitCode}}', ...services)).split('\n');
  const killed = containers.filter((line) => !line.endsWith(' 0'));
  if (killed.length > 0) throw new Error(`not ended with exit code 0: ${killed.join(', ')}`);
  if (tookMs > STOP_WITHIN_S * 1_000) throw new Error(`took ${tookMs} ms`);
}

async function nothingIsLeft() {
  const label = `label=com.docker.compose.project=${name}`;
  const left = [
    await docker('ps', '-aq', '--filter', label),
    await docker('volume', 'ls', '-q', '--filter', label),
  ].join('');
  if (left) throw new Error(`left behind: ${left}`);
}

async function tellMemory() {
  const ids = (await compose('ps', '--quiet')).split('\n');
  const rows = (await docker('stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}', ...ids)).split('\n').sort();
  for (const row of rows) note(row.replace(`${name}-`, '').replace(/ \/ .*/, ''));
}

async function sizeOfImage() {
  const bytes = Number(
    await docker('image', 'inspect', `backstep:${process.env.BACKSTEP_TAG ?? 'local'}`, '--format', '{{.Size}}'),
  );
  return `${Math.round(bytes / 1e6)} MB`;
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

function note(text) {
  console.log(`    ${text}`);
}

async function step(name, work) {
  const since = Date.now();
  try {
    const result = await work();
    console.log(`  ✓ ${name}: ${seconds(since)}`);
    return result;
  } catch (error) {
    process.exitCode = 1;
    console.log(`  ✗ ${name}: ${seconds(since)}`);
    throw error;
  }
}
