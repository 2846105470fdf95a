import { TOPICS } from '@backstep/contracts/topology';
import { readGroups, UnknownTopicError, type ConsumerGroup } from '@backstep/kafka';
import type { Command } from 'commander';
import { CliError, EXIT, teach } from '../shared/exit-codes.js';
import { kafkaFailure, kafkaSecurity } from '../shared/kafka-security.js';
import { paint, print, printJson } from '../shared/output.js';
import { printable } from '../shared/safe-text.js';
import { whatRuns } from '../shared/where.js';
import { groupsText } from './render-groups.js';

/** `backstep groups [group]`: who reads what, and how far behind. */
export function groups(program: Command): void {
  const command = program
    .command('groups')
    .description("show the services' consumer groups: members, and how far behind they are on each partition")
    .argument('[group]', 'one of them, such as backstep.payment or payment')
    .option('--json', 'print JSON, for programs')
    .action(async (name: string | undefined, { json }: { json?: true }) => {
      const { kafka, consumerGroups } = await whatRuns();
      const found = await lookAt(kafka.brokers, named(consumerGroups, name));
      if (json) printJson({ items: found });
      else print(groupsText(found, paint));
    });
  teach(
    command,
    ['groups', 'groups payment', "groups --json | jq '.items[].state'"],
    [[EXIT.notFound, 'no service has such a group']],
  );
}

/** @throws CliError when there is none of that name */
export function named(groups: readonly string[], name: string | undefined): readonly string[] {
  if (name === undefined) return groups;
  const wanted = name.toLowerCase();
  const found = groups.filter((group) => group === wanted || group.endsWith(`.${wanted}`));
  if (found.length === 0)
    throw new CliError(printable(`There is no group ${name}. There is ${groups.join(', ')}.`), EXIT.notFound);
  return found;
}

async function lookAt(brokers: readonly string[], ids: readonly string[]): Promise<readonly ConsumerGroup[]> {
  const options = { brokers, clientId: 'backstep-cli', security: kafkaSecurity() };
  try {
    return await readGroups(
      options,
      ids,
      TOPICS.map(({ name }) => name),
    );
  } catch (cause) {
    if (cause instanceof UnknownTopicError) throw new CliError(`${cause.message}.`, EXIT.failed, { cause });
    throw kafkaFailure(cause, `Kafka at ${brokers.join(',')}: ${(cause as Error).message}.`);
  }
}
