import type { Mutant } from '../mutant.js';
import { EXPRESS, LONGER_EXPRESS, spec } from './checks.js';

const LANE = 'libs/unit-of-work/src/express/lane.ts';
const LINGER = 'libs/outbox/src/linger.ts';
const BATCH = 'libs/unit-of-work/src/batch.ts';

const STATES = spec('libs/unit-of-work/src/express/what-a-lane-does.unit.spec.ts');
const BY_EXPRESS = spec('libs/unit-of-work/src/express/when-a-message-comes-by-express.int.spec.ts');
const RELAY = spec('libs/outbox/src/when-messages-linger.int.spec.ts');
const TWO_SERVICES = spec('libs/messaging/src/when-services-hand-over.int.spec.ts');
const DEALT = spec('libs/messaging/src/when-express-does-not-fit.unit.spec.ts');

/** What keeps the messages of a key in order, and each from being lost or parked wrongly, when they come by express. */
export const EXPRESS_LANES: readonly Mutant[] = [
  {
    name: 'express-without-barrier',
    prevents: 'A message that comes by express overtakes earlier ones that lie in Kafka unread.',
    edits: [
      {
        file: LANE,
        find: `      this.wantsBarrier = false;
      this.behind.add(message.id);
      return 'waits-for-kafka';
`,
        replace: `      this.wantsBarrier = false;
`,
      },
    ],
    check: EXPRESS,
  },
  {
    name: 'express-open-after-a-failure',
    prevents: 'What is behind a message that failed by express overtakes it.',
    edits: [
      {
        file: LANE,
        find: '(committed ? this.handled : this.behind).add(id);',
        replace: 'if (committed) this.handled.add(id);',
      },
    ],
    check: LONGER_EXPRESS,
  },
  {
    name: 'express-revoked-without-a-wait',
    prevents: 'A shard goes to another process while messages of it run here.',
    edits: [{ file: LANE, find: 'await Promise.all(this.running.values());', replace: 'await Promise.resolve();' }],
    check: STATES,
  },
  {
    name: 'express-lease-not-asked',
    prevents: 'A process that was frozen, and is the owner of its shards no more, takes messages by express.',
    edits: [
      { file: LANE, find: 'if (this.isFull || !this.parts.isCurrent()) {', replace: 'if (this.isFull) {' },
      {
        file: LANE,
        find: 'if (!this.isWaiting || this.wantsBarrier || this.ended || !this.parts.isCurrent()) return;',
        replace: 'if (!this.isWaiting || this.wantsBarrier || this.ended) return;',
      },
    ],
    check: STATES,
  },
  {
    name: 'express-handled-before-its-commit',
    prevents: 'Kafka\u2019s copy is dropped, and the message that came by express fails: it is lost.',
    edits: [
      {
        file: LANE,
        find: '      this.queue.delete(message.id);\n',
        replace: '      this.queue.delete(message.id);\n      this.handled.add(message.id);\n',
      },
    ],
    check: EXPRESS,
  },
  {
    name: 'express-open-to-the-unknown',
    prevents: 'What somebody else has written about a key is overtaken by what comes by express.',
    edits: [
      {
        file: LANE,
        find: `    this.wantsBarrier = true;
    this.brought.add(id);`,
        replace: '    this.brought.add(id);',
      },
    ],
    check: STATES,
  },
  {
    name: 'express-key-twice-in-a-wave',
    prevents: 'The second message of a key runs beside the first, and is committed when that fails.',
    edits: [
      {
        file: LANE,
        find: 'if (!byKey.has(message.key)) byKey.set(message.key, message);',
        replace: 'byKey.set(message.id, message);',
      },
    ],
    check: STATES,
  },
  {
    name: 'express-beside-kafkas-copy',
    prevents: 'A message begins by express while Kafka\u2019s copy of an earlier one of its key is handled.',
    edits: [
      {
        file: LANE,
        find: 'if (this.queue.delete(id)) this.behind.add(id);',
        replace: 'if (this.queue.delete(id)) this.behind.delete(id);',
      },
    ],
    check: STATES,
  },
  {
    name: 'express-of-a-held-key',
    prevents: 'A message that came by express is parked without a place in Kafka, as its key is held.',
    edits: [{ file: BATCH, find: 'work.express && held.has(work.key)', replace: "work.express && work.key === ''" }],
    check: BY_EXPRESS,
  },
  {
    name: 'express-over-unknown-predecessors',
    prevents: 'What another process has committed about a key, and is not sent yet, is overtaken.',
    edits: [
      {
        file: LINGER,
        find: 'if (inOrder && this.begun.has(place))',
        replace: 'if ((inOrder || !inOrder) && this.begun.has(place))',
      },
    ],
    check: RELAY,
  },
  {
    name: 'express-by-who-is-not-the-owner',
    prevents: 'Two processes hand over messages of one key, and overtake each other.',
    edits: [{ file: LINGER, find: 'if (!this.owns(message.shard)) return false;', replace: '' }],
    check: RELAY,
  },
  {
    name: 'express-foreign-rows-forgotten',
    prevents: 'The owner of a key does not learn of what another process has just sent about it, and overtakes that.',
    edits: [
      {
        file: 'libs/outbox/src/relay.ts',
        find: 'if (this.linger && !allAreOwn) {',
        replace: 'if (this.linger && this.stopped) {',
      },
    ],
    check: RELAY,
  },
  {
    name: 'express-of-shards-dealt-before',
    prevents:
      'A process that was dealt other shards hands over messages of those it had, whose owner is another by now.',
    edits: [
      {
        file: 'libs/messaging/src/express.ts',
        find: 'isOwner: () => this.turn === turn && this.group?.isOwner === true,',
        replace: 'isOwner: () => this.group?.isOwner === true,',
      },
    ],
    check: DEALT,
  },
  {
    name: 'express-lingers-for-readers-elsewhere',
    prevents: 'A message that a service of another process waits for is sent to Kafka late.',
    edits: [
      {
        file: 'libs/unit-of-work/src/express/to-readers.ts',
        find: "else if (taken === 'not-here' && elsewhere?.offer(service, message, number) !== true) takenByAll = false;",
        replace: "else if (taken === 'not-here') elsewhere?.offer(service, message, number);",
      },
    ],
    check: TWO_SERVICES,
  },
  {
    name: 'express-begun-without-kafka',
    prevents: 'The first message of a shard that this process got overtakes what its former owner has sent.',
    edits: [
      {
        file: LINGER,
        find: 'if (inOrder && this.begun.has(place))',
        replace: 'if (inOrder)',
      },
    ],
    check: RELAY,
  },
];
