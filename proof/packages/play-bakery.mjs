import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { createTopics, KafkaPublisher, PartitionReader } from '../../libs/kafka/dist/index.js';

const PARTITIONS = 4;
const RETENTION_MS = 7 * 24 * 60 * 60 * 1_000;
const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;
const TOPICS = ['oven.commands', 'oven.events'];

/** Runs the bakery of an application, two processes of it, and looks at what becomes of loaves. */
export async function playBakery(application, { databaseUrl, kafkaBrokers }, step) {
  const { default: pg } = await import('pg');
  const admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  const children = [];
  const publisher = new KafkaPublisher({ brokers: kafkaBrokers, clientId: 'smoke' });
  try {
    await createTopics(
      kafkaBrokers,
      TOPICS.map((name) => ({ name, partitions: PARTITIONS, retentionMs: RETENTION_MS })),
    );
    const start = async (role) => {
      const database = `${role}_${randomUUID().slice(0, 8)}`;
      await admin.query(`CREATE DATABASE ${database}`);
      const url = new URL(databaseUrl);
      url.pathname = `/${database}`;
      const child = await started(application, role, {
        DATABASE_URL: String(url),
        KAFKA_BROKERS: kafkaBrokers.join(','),
      });
      children.push(child);
      return child;
    };
    const [oven, orchestrator] = await step('start', async () => [await start('oven'), await start('orchestrator')]);

    const order = async (flavour) => {
      const loafId = randomUUID();
      const { ordered } = await asJson(`${oven.url}/loaves`, { method: 'POST', body: { loafId, flavour } });
      if (ordered !== true) throw new Error(`the loaf ${loafId} was not ordered`);
      return loafId;
    };
    const loaf = (id) => asJson(`${oven.url}/loaves/${id}`);
    const becomes = (id, status) => until(`loaf ${id} is ${status}`, async () => (await loaf(id)).status === status);
    const sagaOf = async (loafId) => (await asJson(`${orchestrator.url}/sagas?subject=${loafId}`)).items[0];
    const ends = (loafId, state) =>
      until(`the saga of ${loafId} is ${state}`, async () => (await sagaOf(loafId))?.state === state);

    const rye = await step('a loaf is baked and delivered', async () => {
      const id = await order('rye');
      await becomes(id, 'DELIVERED');
      await ends(id, 'COMPLETED');
      return id;
    });
    await step('a loaf that was queued is ordered once, and delivered', async () => {
      const loafId = randomUUID();
      const queue = () => asJson(`${oven.url}/queued-loaves`, { method: 'POST', body: { loafId, flavour: 'spelt' } });
      const { status, headers } = await queue();
      if (status !== 202) throw new Error(`it is answered with ${status}`);
      const { state, answer } = await asJson(oven.url + headers.location);
      if (state !== 'APPLIED' || answer !== true) throw new Error(`it is ${state}, with ${answer}`);
      if ((await queue()).status !== 200) throw new Error('the same entry is another');
      await becomes(loafId, 'DELIVERED');
    });
    await step('a refused delivery is compensated', async () => {
      const id = await order('burnt');
      await becomes(id, 'THROWN_AWAY');
      await ends(id, 'COMPENSATED');
      const { failure } = await sagaOf(id);
      if (failure?.code !== 'no_courier') throw new Error(`the saga says ${JSON.stringify(failure)}`);
    });
    await step('a duplicate is dropped', async () => {
      const before = await loaf(rye);
      const record = await commandAbout(kafkaBrokers, rye, 'BakeLoaf');
      await publisher.publish([record]);
      // A later loaf of the same partition has been handled: so was the duplicate before it.
      await publisher.publish([{ ...record, headers: { ...record.headers, ce_id: randomUUID() }, value: '{}' }]);
      await until('what came after the duplicate is parked', async () => (await parked(oven)).length > 0);
      const after = await loaf(rye);
      if (after.version !== before.version) throw new Error(`the duplicate was handled: ${JSON.stringify(after)}`);
    });
    await step('a poisoned message is parked, and other keys go on', async () => {
      const [poisoned] = await parked(oven);
      if (poisoned.cause !== 'schema_mismatch') throw new Error(`it is parked as ${poisoned.cause}`);
      await becomes(await order('wheat'), 'DELIVERED');
    });
    await step('a wrong request of an operator is answered with problem details that name the field', async () => {
      const { id } = await sagaOf(rye);
      const json = { 'content-type': 'application/json', 'if-match': '"v1"' };
      const retry = { method: 'POST', headers: { ...json, 'x-operator': 'smoke' }, body: '{}' };
      await isRefused(`${orchestrator.url}/sagas/${id}/retry`, retry, { in: 'body', field: 'reason' });
      const anonymous = { method: 'POST', headers: json, body: '{"reason":"smoke"}' };
      await isRefused(`${orchestrator.url}/sagas/${id}/retry`, anonymous, { in: 'header', field: 'X-Operator' });
      await isRefused(`${orchestrator.url}/sagas?limit=0`, {}, { in: 'query', field: 'limit' });
      await isRefused(`${oven.url}/parked?state=lost`, {}, { in: 'query', field: 'state' });
    });
    await step('stop', async () => {
      for (const child of children.splice(0)) await child.stop();
    });
  } finally {
    for (const child of children) child.kill();
    await publisher.disconnect();
    await admin.end();
  }
}

/** RFC 9457: the media type without a charset, and the members that it defines; `errors` is ours. */
async function isRefused(url, request, error) {
  const response = await fetch(url, request);
  const said = { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
  const { type, title, status, detail, instance, errors = [] } = said.body;
  const isWhole =
    said.status === 400 &&
    said.type === 'application/problem+json' &&
    type === 'urn:backstep:problem:validation' &&
    status === said.status &&
    [title, detail].every((text) => typeof text === 'string') &&
    instance === new URL(url).pathname;
  if (isWhole && errors.some((one) => one.in === error.in && one.field === error.field)) return;
  throw new Error(`${url} does not refuse ${error.field}: ${JSON.stringify(said)}`);
}

const parked = async ({ url }) => (await asJson(`${url}/parked`)).items;

/** The record of a command that lies in Kafka, as it was sent. */
async function commandAbout(brokers, key, type) {
  const reader = new PartitionReader({ brokers, clientId: 'smoke' });
  try {
    const { messages } = await reader.readKey(['oven.commands'], key, { sinceMs: 0 });
    const found = messages.find(({ headers }) => headers.ce_type === type);
    if (found) return { topic: found.topic, key, headers: found.headers, value: found.value };
    throw new Error(`no ${type} about ${key} lies in Kafka`);
  } finally {
    await reader.disconnect();
  }
}

async function started(application, role, settings) {
  const port = await freePort();
  const env = { ...process.env, ...settings, ROLE: role, PORT: String(port), NODE_OPTIONS: '' };
  const child = spawn(process.execPath, [join('dist', 'main.js')], { cwd: application, env });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const said = () => Buffer.concat(output).toString();
  const url = `http://127.0.0.1:${port}`;
  await until(`${role} answers`, async () => {
    if (child.exitCode !== null) throw new Error(`${role} ended:\n${said()}`);
    return fetch(url).then(
      () => true,
      () => false,
    );
  }).catch((error) => {
    child.kill('SIGKILL');
    throw new Error(`${error.message}\n${said()}`);
  });
  return {
    url,
    kill: () => child.kill('SIGKILL'),
    stop: async () => {
      child.kill('SIGTERM');
      const { code, signal } = await ended;
      // Nest ends a process that was asked to end by the same signal.
      if (code !== 0 && signal !== 'SIGTERM') throw new Error(`${role} ended with ${code ?? signal}:\n${said()}`);
    },
  };
}

async function freePort() {
  const { freePort: free } = await import('../../tools/infrastructure/dist/index.js');
  return free();
}

async function asJson(url, { method = 'GET', body } = {}) {
  const response = await fetch(url, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return JSON.parse(text);
}

async function until(what, holds) {
  const deadline = Date.now() + WITHIN_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${WITHIN_MS / 1_000} s: ${what}`);
    await delay(LOOK_EVERY_MS);
  }
}
