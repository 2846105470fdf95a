import { PartitionReader } from '@backstep/kafka';
import type { Command } from 'commander';
import { Api } from '../shared/api.js';
import { kafkaFailure, kafkaSecurity } from '../shared/kafka-security.js';
import { wholeNumber } from '../shared/arguments.js';
import { idArgument } from '../shared/completes.js';
import { count } from '../shared/count.js';
import { EXIT, teach, UsageError } from '../shared/exit-codes.js';
import { fullId } from '../shared/full-id.js';
import { untilInterrupted } from '../shared/interruption.js';
import { paint, print, printError, printJson, printJsonLine } from '../shared/output.js';
import type { OrderMessage } from '../shared/representations.js';
import { gatewayOf, whatRunsBehind, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { idOf } from '../shared/whose-id.js';
import { chooses, isWanted, topicsOf, withFilterOptions, type MessageFilter } from './filter.js';
import { followAll } from './follow-all.js';
import { followOrder } from './follow-order.js';
import { afterTheirCauses, latestMessages, toOrderMessage, type Latest } from './latest-messages.js';
import { Timeline } from './timeline.js';

const LIMIT_MAX = 10_000;

interface EventsOptions extends CommonOptions, MessageFilter {
  readonly follow?: true;
  readonly limit: number;
}

/** `backstep events [orderId]`: the messages in Kafka, as a timeline. */
export function events(program: Command): void {
  const command = program
    .command('events')
    .description('show the Kafka messages of an order in causal order, or the latest of all orders')
    .addArgument(idArgument('[orderId]', "the order's id, or its end; left out, all orders", ['order']))
    .option('-f, --follow', 'stay, and show what comes, until Ctrl-C; with --json one message a line')
    .option('--limit <count>', 'without an order: how many of the latest', wholeNumber(1, LIMIT_MAX), 50)
    .action((orderId: string | undefined, options: EventsOptions, self: Command) => {
      if (orderId === undefined) return eventsOfAll(options);
      if (self.getOptionValueSource('limit') === 'cli')
        throw new UsageError('--limit is for the messages of all orders: those of one are shown whole.');
      return eventsOfOrder(orderId, options);
    });
  teach(
    withCommonOptions(withFilterOptions(command)),
    [
      'events 6a2c8f1d7b40',
      'events --follow',
      'events --type PaymentDeclined --since 2h',
      'events --service payment --topic payment.events --limit 5',
      "events --json | jq -r '.items[].headers.ce_type'",
    ],
    [[EXIT.notFound, 'there is no such order']],
  ).addHelpText(
    'after',
    `
Each line: number, time since the first message, type, who sent it, topic/partition@offset, what it says,
its id, and the number (or id) of the message that caused it.`,
  );
}

async function eventsOfOrder(given: string, options: EventsOptions): Promise<void> {
  const api = new Api(await gatewayOf(options));
  const orderId = await fullId(api, 'order', given);
  const tell = teller(options, new Timeline({ paint }));
  if (options.follow) {
    await idOf(api, 'order', orderId, () => api.get(`/v1/orders/${orderId}`));
    for await (const message of followOrder(api, orderId, untilInterrupted(), tellReset))
      if (isWanted(options, message)) tell(message);
    return;
  }
  const read = () =>
    api.get<{ readonly items: readonly OrderMessage[]; readonly complete: boolean }>(`/v1/orders/${orderId}/events`);
  const answer = await idOf(api, 'order', orderId, read);
  const items = answer.items.filter((message) => isWanted(options, message));
  if (options.json) printJson({ ...answer, items });
  else items.forEach(tell);
  if (!options.json && items.length === 0) print('There are none.');
  if (!answer.complete) printError('There is more in Kafka than was read for this: add --follow to see the rest.');
}

const tellEarlier = (earlier: number): void =>
  printError(`There ${earlier === 1 ? 'is' : 'are'} ${count(earlier, 'earlier one')}: --limit shows more.`);

const tellReset = (): void =>
  printError('Kafka no longer has the log that these messages were read from: they begin again.');

/** The latest are read from Kafka itself: the API knows orders, not topics. */
async function eventsOfAll(options: EventsOptions): Promise<void> {
  const { brokers } = (await whatRunsBehind(options)).kafka;
  const latest = await readLatest(brokers, options);
  const items = latest.messages.map(toOrderMessage);
  // With a filter all matching messages are shown, without one the latest.
  if (chooses(options) && latest.earlier > 0) tellEarlier(latest.earlier);
  if (options.json && !options.follow) return printJson({ items });
  const tell = teller(options, new Timeline({ paint, several: true }));
  items.forEach(tell);
  if (!options.follow) return items.length === 0 ? print('There are none.') : undefined;
  await followAll(
    brokers,
    topicsOf(options),
    // A new consumer group begins at the beginning, so nothing is lost between what was read and what is followed.
    (messages) =>
      afterTheirCauses(messages.filter((message) => !latest.isPast(message) && isWanted(options, message)))
        .map(toOrderMessage)
        .forEach(tell),
    untilInterrupted(),
  );
}

async function readLatest(brokers: readonly string[], filter: EventsOptions): Promise<Latest> {
  const { limit, since } = filter;
  const topics = topicsOf(filter);
  const reader = new PartitionReader({ brokers, clientId: 'backstep-cli', security: kafkaSecurity() });
  try {
    // Of those that are chosen among others, the latest may be far back.
    const batches =
      since !== undefined
        ? reader.readSince(topics, since)
        : chooses(filter)
          ? reader.readAll(topics)
          : reader.readLast(topics, limit);
    return await latestMessages(batches, limit, (message) => isWanted(filter, message));
  } catch (error) {
    throw kafkaFailure(error, `Kafka does not answer at ${brokers.join(',')}.`);
  } finally {
    await reader.disconnect();
  }
}

/** For programs one JSON document a line: a stream has no end at which an array could be closed. */
const teller =
  ({ json }: EventsOptions, timeline: Timeline) =>
  (message: OrderMessage): void =>
    json ? printJsonLine(message) : print(timeline.line(message));
