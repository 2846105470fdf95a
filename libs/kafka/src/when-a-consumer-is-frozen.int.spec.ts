import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { KafkaPublisher } from './publisher.js';
import { Collector } from './testing/collector.js';
import { makeTopics, testBrokers, unique, until, wire } from './testing/kafka.js';

/** A consumer as a process of its own, because only a process can be stopped with SIGSTOP. It prints what happens. */
const CONSUMER = `
  const [index, options] = process.argv.slice(1);
  const { BatchConsumer } = await import(index);
  const tell = (line) => process.stdout.write(line + '\\n');
  new BatchConsumer(
    { ...JSON.parse(options), clientId: 'frozen', onAssigned: async () => tell('assigned') },
    async ({ messages }) => { for (const { value } of messages) tell('handled ' + value); },
  ).start();`;
/** The second join never ends, as it was seen in kafkajs after its broker had been frozen. */
const STUCK = `
  const { createRequire } = await import('node:module');
  const group = createRequire(process.argv[1])('kafkajs/src/consumer/consumerGroup').prototype;
  const { joinAndSync } = group;
  let joins = 0;
  group.joinAndSync = function () {
    if (++joins !== 2) return joinAndSync.call(this);
    process.stdout.write('stuck\\n');
    return new Promise(() => undefined);
  };`;
/** The broker of the first session answers two heartbeats and then none, like one whose machine is gone. */
const SILENT = `
  const { createRequire } = await import('node:module');
  const Broker = createRequire(process.argv[1])('kafkajs/src/broker').prototype;
  const { heartbeat } = Broker;
  let beats = 0;
  let silent;
  Broker.heartbeat = function (which) {
    if (++beats === 3) silent = this;
    if (this !== silent) return heartbeat.call(this, which);
    process.stdout.write('silent\\n');
    return new Promise(() => undefined);
  };`;
const BUILT = pathToFileURL(join(process.cwd(), 'libs/kafka/dist/index.js')).href;

const publisher = new KafkaPublisher({ brokers: testBrokers(), clientId: 'spec' });
let frozen: ChildProcess | undefined;
let other: Collector | undefined;
afterEach(async () => {
  frozen?.kill('SIGKILL');
  await Promise.all([other?.consumer.close(), publisher.disconnect()]);
});

describe('when a consumer is frozen for longer than its session', () => {
  it('a consumer that wakes handles nothing of what it fetched for partitions that others own by then', async () => {
    const topics = await makeTopics({ name: 'frozen', partitions: 1 });
    const [topic = ''] = topics;
    const options = { brokers: testBrokers(), groupId: unique('group'), topics, partitionsPerTopic: 1 };
    const said: string[] = [];
    const child = spawn(process.execPath, ['--input-type=module', '-e', CONSUMER, BUILT, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    frozen = child;
    createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
    await publisher.publish([wire(topic, 'k', 'before')]);
    await until('it reads', () => said.includes('handled before'));

    // The consumer's next fetch waits at the broker: its answer will be in the socket when the process wakes.
    child.kill('SIGSTOP');
    await publisher.publish([wire(topic, 'k', 'while frozen')]);
    const heir = new Collector({ ...options, clientId: 'heir' });
    other = heir;
    heir.consumer.start();
    await until('somebody else handles it', () => heir.values.includes('while frozen'));

    child.kill('SIGCONT');
    await until('it has joined again', () => said.filter((line) => line === 'assigned').length === 2);
    expect(said.filter((line) => line.startsWith('handled'))).toEqual(['handled before']);
  });
});

describe('when kafkajs waits for ever', () => {
  it('a consumer whose kafkajs waits for ever is replaced, and gets its share again', async () => {
    const topics = await makeTopics({ name: 'stuck', partitions: 2 });
    const [topic = ''] = topics;
    const group = { brokers: testBrokers(), groupId: unique('group'), topics, partitionsPerTopic: 2 };
    const script = ['--input-type=module', '-e', STUCK + CONSUMER, BUILT];
    const options = JSON.stringify({ ...group, silenceTimeoutMs: 2_000 });
    const said: string[] = [];
    const child = spawn(process.execPath, [...script, options], { stdio: ['ignore', 'pipe', 'inherit'] });
    frozen = child;
    createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
    await until('it has joined', () => said.includes('assigned'));

    other = new Collector(group);
    other.consumer.start();
    await until('it is stuck', () => said.includes('stuck'));
    await until('it has joined anew', () => said.lastIndexOf('assigned') > said.indexOf('stuck'));
    await publisher.publish(Array.from({ length: 20 }, (_, n) => wire(topic, `key-${n}`, `${n}`)));
    const handled = (): string[] => said.filter((line) => line.startsWith('handled '));
    await until('all is handled', () => handled().length + (other?.messages.length ?? 0) === 20);
    expect(handled().length).toBeGreaterThan(0);
  });
});

describe('when the coordinator of the group falls silent', () => {
  it('a consumer whose coordinator falls silent looks it up anew, and handles what comes', async () => {
    const topics = await makeTopics({ name: 'silent', partitions: 1 });
    const [topic = ''] = topics;
    const group = { brokers: testBrokers(), groupId: unique('group'), topics, partitionsPerTopic: 1 };
    // So long that the check for silence does not notice the coordinator.
    const options = JSON.stringify({ ...group, silenceTimeoutMs: 600_000 });
    const script = ['--input-type=module', '-e', SILENT + CONSUMER, BUILT];
    const said: string[] = [];
    const child = spawn(process.execPath, [...script, options], { stdio: ['ignore', 'pipe', 'inherit'] });
    frozen = child;
    createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
    await until('it is not answered', () => said.includes('silent'));

    await publisher.publish([wire(topic, 'k', 'after')]);
    await until('it has joined anew', () => said.lastIndexOf('assigned') > said.indexOf('silent'));
    await until('it handles', () => said.includes('handled after'));
  });
});
