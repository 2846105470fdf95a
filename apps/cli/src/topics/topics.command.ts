import { TOPICS } from '@backstep/contracts/topology';
import { createTopics, KafkaUnavailableError, TopicMismatchError } from '@backstep/kafka/tools';
import { Option, type Command } from 'commander';
import { wholeNumber } from '../shared/arguments.js';
import { CliError, EXIT, teach, UnreachableError } from '../shared/exit-codes.js';
import { kafkaSecurity } from '../shared/kafka-security.js';
import { print, printJson } from '../shared/output.js';
import { whatRuns } from '../shared/where.js';

interface TopicsOptions {
  readonly json?: true;
  readonly brokers?: string;
  readonly within: number;
}

/** `backstep topics`: the declared topics, made where they are missing. Services expect them, and make none. */
export function topics(program: Command): void {
  const command = program
    .command('topics')
    .description('make the topics that are missing, and wait until they can be used')
    .option('--json', 'print JSON, for programs')
    .addOption(new Option('--brokers <host:port,…>', 'where Kafka is; default: what runs here').env('KAFKA_BROKERS'))
    .option('--within <seconds>', 'how long Kafka may take', wholeNumber(1, 3_600), 60)
    .action(run);
  teach(
    command,
    ['topics', 'topics --brokers 127.0.0.1:9092'],
    [[EXIT.failed, 'a topic is there with another number of partitions']],
  );
}

async function run({ json, brokers: named, within }: TopicsOptions): Promise<void> {
  const brokers = named ? named.split(',').map((broker) => broker.trim()) : (await whatRuns()).kafka.brokers;
  try {
    await createTopics(brokers, TOPICS, { deadlineMs: within * 1_000, security: kafkaSecurity() });
  } catch (cause) {
    if (cause instanceof KafkaUnavailableError)
      throw new UnreachableError(`${cause.message} after ${within} s.`, { cause });
    if (cause instanceof TopicMismatchError) throw new CliError(`${cause.message}.`, EXIT.failed, { cause });
    throw cause;
  }
  if (json) printJson({ brokers, topics: TOPICS });
  else print(`${TOPICS.length} topics are there, on ${brokers.join(', ')}.`);
}
