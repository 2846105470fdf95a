import { ACCESS, PRINCIPALS, TOPICS } from '@backstep/contracts/topology';
import { allow, createTopics, TopicMismatchError, type KafkaSecurity } from '@backstep/kafka';
import { Option, type Command } from 'commander';
import { wholeNumber } from '../shared/arguments.js';
import { CliError, EXIT, teach } from '../shared/exit-codes.js';
import { kafkaFailure, kafkaSecurity } from '../shared/kafka-security.js';
import { print, printJson } from '../shared/output.js';
import { whatRuns } from '../shared/where.js';

interface TopicsOptions {
  readonly json?: true;
  readonly access?: true;
  readonly brokers?: string;
  readonly within: number;
}

/** `backstep topics`: the declared topics, made where they are missing. Services expect them, and make none. */
export function topics(program: Command): void {
  const command = program
    .command('topics')
    .description('make the topics that are missing, and wait until they can be used')
    .option('--access', 'also allow each user of Kafka what it needs there (ACLs)')
    .option('--json', 'print JSON, for programs')
    .addOption(new Option('--brokers <host:port,…>', 'where Kafka is; default: what runs here').env('KAFKA_BROKERS'))
    .option('--within <seconds>', 'how long Kafka may take', wholeNumber(1, 3_600), 60)
    .action(run);
  teach(
    command,
    ['topics', 'topics --brokers 127.0.0.1:9092', 'topics --access'],
    [[EXIT.failed, 'a topic is there with another number of partitions']],
  );
}

async function run({ json, access, brokers: named, within }: TopicsOptions): Promise<void> {
  const brokers = named ? named.split(',').map((broker) => broker.trim()) : (await whatRuns()).kafka.brokers;
  const security = kafkaSecurity();
  try {
    await createTopics(brokers, TOPICS, { deadlineMs: within * 1_000, security });
  } catch (cause) {
    if (cause instanceof TopicMismatchError) throw new CliError(`${cause.message}.`, EXIT.failed, { cause });
    throw kafkaFailure(cause, `Kafka at ${brokers.join(', ')} is not ready after ${within} s.`);
  }
  if (access) await allowAll(brokers, security);
  if (json) return printJson({ brokers, topics: TOPICS, ...(access && { access: ACCESS }) });
  print(`${TOPICS.length} topics are there, on ${brokers.join(', ')}.`);
  if (access) print(`${PRINCIPALS.length} users may do there what they need.`);
}

async function allowAll(brokers: readonly string[], security: KafkaSecurity | undefined): Promise<void> {
  try {
    await allow(brokers, ACCESS, security);
  } catch (error) {
    throw kafkaFailure(error, `Kafka at ${brokers.join(', ')} does not answer.`);
  }
}
