import type { Mutant } from '../mutant.js';
import {
  DATABASES_AWAY,
  LOST_ANSWERS,
  LOST_AT_THE_DEADLINE,
  NOTHING_REMEMBERED,
  POISONED,
  SIMULATED,
  spec,
  TWO_INSTANCES,
} from './checks.js';

const BATCH = 'libs/unit-of-work/src/batch.ts';
const CONSUMER = 'libs/unit-of-work/src/consumer.ts';
const UNIT_OF_WORK = 'libs/unit-of-work/src/unit-of-work.ts';
const AFTER_A_FAILURE = 'libs/unit-of-work/src/after-a-failure.ts';
const FAILURES = 'libs/unit-of-work/src/failures.ts';
const INBOX = 'libs/inbox/src/inbox.ts';
const GROUP_SESSION = 'libs/kafka/src/consumer/group-session.ts';
const RELAY = 'libs/outbox/src/relay.ts';
const TABLE_READS = 'libs/outbox/src/table-reads.ts';
const PENDING = 'libs/outbox/src/pending.ts';

/** Inbox, outbox, batch: what carries messages. */
export const MESSAGES: readonly Mutant[] = [
  {
    name: 'inbox-forgets',
    prevents: 'A message that is delivered twice has its effect twice.',
    edits: [
      {
        file: INBOX,
        find: `unnest($1::uuid[])',
  params: [[...messageIds].sort()],
  rows: messageIds.length,`,
        replace: `unnest($1::uuid[]) ON CONFLICT DO NOTHING',
  params: [[...messageIds].sort()],
  rows: undefined,`,
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'publish-before-commit',
    prevents: 'A message is told that nobody has committed.',
    edits: [
      {
        file: UNIT_OF_WORK,
        find: ': await batch.run(this.executor, acknowledged, source);',
        replace: `: await batch.run({
            query: (text, values) => {
              if (text.startsWith('WITH ')) this.relay.committed({ sent: batch['outgoing'], unsentPredecessors: [], deleted: [] });
              return this.executor.query(text, values);
            },
          }, acknowledged, source);`,
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'outbox-in-another-transaction',
    prevents: 'A row is changed, and the message that tells of it is never sent.',
    edits: [
      {
        file: BATCH,
        find: 'const { answer: unsentPredecessors, at } = await writeTimed(executor, this.parts(acknowledged), question, timed);',
        replace: `const parts = this.parts(acknowledged);
    const { at } = await writeTimed(executor, parts.filter(({ name }) => name !== 'outbox_in'), undefined, timed);
    const { answer: unsentPredecessors } = await writeTimed(executor, parts.filter(({ name }) => name === 'outbox_in'), question, false);`,
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'delete-before-ack',
    prevents: 'A message is forgotten that Kafka does not have yet.',
    edits: [
      {
        file: RELAY,
        find: 'const began = performance.now();',
        replace: `const began = performance.now();
      this.acknowledged.add(batch);`,
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'acknowledged-lost-with-a-write',
    prevents: 'Acknowledged rows stay in the outbox for ever, because the write that took them along has failed.',
    edits: [
      {
        file: UNIT_OF_WORK,
        find: `    this.relay.giveBack(acknowledged);
`,
        replace: '',
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'earlier-messages-not-asked-for',
    prevents: 'What another process has committed about a key, and not sent yet, is overtaken.',
    edits: [
      {
        file: BATCH,
        find: 'const question = outgoing.length > 0 ?',
        replace: 'const question = outgoing.length < 0 ?',
      },
    ],
    check: TWO_INSTANCES,
  },
  {
    name: 'earlier-messages-not-read-first',
    prevents: 'Messages of a commit whose answer was lost are overtaken by later ones of their key.',
    edits: [
      {
        file: RELAY,
        find: 'unsentPredecessors.some((id) => !this.pending.has(id))',
        replace: 'unsentPredecessors.some((id) => this.pending.size < 0 && !this.pending.has(id))',
      },
    ],
    check: LOST_ANSWERS,
  },
  {
    name: 'failed-send-goes-last',
    prevents: 'Messages of a send that failed are overtaken by what was committed meanwhile.',
    edits: [{ file: PENDING, find: 'this.messages.unshift(...batch);', replace: 'this.messages.push(...batch);' }],
    check: LOST_AT_THE_DEADLINE,
  },
  {
    name: 'outbox-never-swept',
    prevents: 'What a dead process has left in its outbox is never sent.',
    edits: [{ file: TABLE_READS, find: 'more && this.shards.size > 0', replace: 'more && this.shards.size < 0' }],
    check: SIMULATED,
  },
  {
    name: 'offset-before-the-write',
    prevents: 'Kafka believes a message handled, and the process dies before it is.',
    edits: [
      {
        file: CONSUMER,
        find: `    const outcomes = await Promise.allSettled(pending.map(({ done }) => done));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /**
   * Handles a message`,
        replace: `    void Promise.allSettled(pending.map(({ done }) => done));
  }

  /**
   * Handles a message`,
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'stale-read-not-retried',
    prevents: 'A sound message is parked because somebody else was faster at its row.',
    edits: [
      {
        file: FAILURES,
        find: `  error instanceof RowsMismatchError ||
`,
        replace: '',
      },
    ],
    check: NOTHING_REMEMBERED,
  },
  {
    name: 'lost-database-counts-as-fault',
    prevents: 'Sound messages are parked because the database was away.',
    edits: [
      {
        file: AFTER_A_FAILURE,
        find: "if (failure instanceof DatabaseUnavailableError) return 'give back';",
        replace: "if (failure instanceof DatabaseUnavailableError) return 'halve';",
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'held-key-not-held',
    prevents: 'A message is handled before one of its key that is parked.',
    edits: [{ file: BATCH, find: 'if (held.has(work.key))', replace: "if (work.key === '' && held.has(work.key))" }],
    check: POISONED,
  },
  {
    name: 'half-of-a-batch-dropped',
    prevents: 'One message that cannot be handled takes those with it that came in the same batch.',
    edits: [{ file: UNIT_OF_WORK, find: 'await this.process(works.slice(middle));', replace: '' }],
    check: POISONED,
  },
  {
    name: 'offset-over-what-was-given-back',
    prevents: 'Kafka believes messages handled that were given back, because the database was away.',
    edits: [
      {
        file: GROUP_SESSION,
        find: 'if (!durable || this.assignment !== assignment) return;',
        replace: 'if (this.assignment !== assignment) return;',
      },
    ],
    check: DATABASES_AWAY,
  },
  {
    name: 'late-revocation',
    prevents: 'Work that outlasts a rebalance takes from a consumer the partitions that it was dealt anew.',
    edits: [
      {
        file: GROUP_SESSION,
        find: 'this.assignment === assignment ? this.handlers.letGo(assignment.shards) : undefined',
        replace: 'this.handlers.letGo(assignment.shards)',
      },
    ],
    check: spec('libs/kafka/src/when-work-outlasts-a-rebalance.int.spec.ts'),
  },
];
