import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { KafkaPublisher } from './publisher.js';
import { Collector } from './testing/collector.js';
import { makeTopics, testBrokers, unique, until, wire } from './testing/kafka.js';

/** A consumer as a process of its own, because only a process can be stopped in the middle of things. It prints what happens. */
const CONSUMER = `
  const [index, options] = process.argv.slice(1);
  const { BatchConsumer } = await import(index);
  const tell = (line) => process.stdout.write(line + '\\n');
  new BatchConsumer(
    { ...JSON.parse(options), clientId: 'frozen', onAssigned: async () => tell('assigned') },
    async ({ messages }) => { for (const { value } of messages) tell('handled ' + value); },
  ).start();`;
const BUILT = pathToFileURL(join(process.cwd(), 'libs/kafka/dist/index.js')).href;

const publisher = new KafkaPublisher({ brokers: testBrokers(), clientId: 'spec' });
let frozen: ChildProcess | undefined;
let other: Collector | undefined;
afterEach(async () => {
  frozen?.kill('SIGKILL');
  await Promise.all([other?.consumer.close(), publisher.disconnect()]);
});

describe('when a consumer is frozen for longer than its session', () => {
  it('handles nothing, after it wakes, of what it fetched for partitions that others own by then', async () => {
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

    // Its next fetch waits at the broker: the answer will lie in its socket when it wakes.
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
