import type { Mutant } from '../mutant.js';
import { SIMULATED } from './checks.js';

const BATCH = 'libs/unit-of-work/src/batch.ts';
const UNIT_OF_WORK = 'libs/unit-of-work/src/unit-of-work.ts';
const RELAY = 'libs/outbox/src/relay.ts';

/** Inbox, outbox, batch: what carries messages. */
export const MESSAGES: readonly Mutant[] = [
  {
    name: 'publish-before-commit',
    prevents: 'A message is told that nobody has committed.',
    edits: [
      {
        file: UNIT_OF_WORK,
        find: ': await batch.run(this.executor, acknowledged, false);',
        replace: `: await batch.run({
            query: (text, values) => {
              if (text.startsWith('WITH ')) this.relay.enqueue(batch['outgoing']);
              return this.executor.query(text, values);
            },
          }, acknowledged, false);`,
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
        find: 'const batch = this.pending.splice(0, this.limits.publishMax);',
        replace: `const batch = this.pending.splice(0, this.limits.publishMax);
      for (const { id } of batch) this.acknowledged.push(id);`,
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
        find: 'await write(executor, this.parts(acknowledged));',
        replace: `const parts = this.parts(acknowledged);
    await write(executor, parts.filter(({ name }) => name !== 'outbox_in'));
    await write(executor, parts.filter(({ name }) => name === 'outbox_in'));`,
      },
    ],
    check: SIMULATED,
  },
];
