import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

const PARKING = spec('libs/unit-of-work/src/when-a-message-cannot-be-parked.int.spec.ts');
const OUTBOX_REFUSED = spec('libs/outbox/src/when-kafka-refuses-a-message.int.spec.ts');
const NOT_READING = spec('libs/service/src/http/when-a-client-does-not-read.unit.spec.ts');
const SLOW = spec('libs/service/src/http/when-a-client-is-slow.unit.spec.ts');
const DOORS = spec('libs/service/src/http/when-strangers-are-at-the-door.unit.spec.ts');
const TWO_WAYS = spec('libs/service/src/http/when-a-request-can-be-read-in-two-ways.unit.spec.ts');

/** What keeps whoever is outside from more than their own record, key, connection or answer. */
export const STRANGERS: readonly Mutant[] = [
  {
    name: 'no-stub',
    prevents: 'A message that cannot be stored stops its partition.',
    edits: [
      {
        file: 'libs/unit-of-work/src/unit-of-work.ts',
        find: 'if (!work.stub) {',
        replace: 'if (!work.stub && Date.now() < 0) {',
      },
    ],
    check: PARKING,
  },
  {
    name: 'parked-again',
    prevents: 'A parked message that comes again is taken for a lost race, for ever.',
    edits: [
      {
        file: 'libs/unit-of-work/src/failures.ts',
        find: ' || failure.table === PARKED_TABLE',
        replace: '',
      },
    ],
    check: PARKING,
  },
  {
    name: 'opened-without-bound',
    prevents: 'A record of 100 KB opens to as much as it likes.',
    edits: [
      {
        file: 'libs/kafka/src/protocol/batch-reader.ts',
        find: 'batch.subarray(HEAD_BYTES), OPENED_BATCH_MAX_BYTES)',
        replace: 'batch.subarray(HEAD_BYTES), 2 ** 30)',
      },
    ],
    check: spec('libs/kafka/src/protocol/when-a-batch-cannot-be-read.unit.spec.ts'),
  },
  {
    name: 'cut-by-count-alone',
    prevents: 'A backlog is sent in batches that are larger than Kafka takes.',
    edits: [
      {
        file: 'libs/outbox/src/batch-size.ts',
        find: 'if (!first && (requestBytes > requestMaxBytes || batchBytes > this.sizes.batchMaxBytes(topic))) return false;',
        replace: 'if (!first && requestBytes > 2 ** 30) return false;',
      },
    ],
    check: OUTBOX_REFUSED,
  },
  {
    name: 'refused-stays-in-front',
    prevents: 'A message that Kafka refuses keeps all that is behind it in the outbox.',
    edits: [
      {
        file: 'libs/outbox/src/relay.ts',
        find: "const refused = refusal && next === 'park' ?",
        replace: "const refused = refusal && next === 'park' && Date.now() < 0 ?",
      },
    ],
    check: OUTBOX_REFUSED,
  },
  {
    name: 'retried-with-other-topics',
    prevents: 'A retry of a refused message sends what waits behind it to other topics, and that is written.',
    edits: [{ file: 'libs/outbox/src/relay.ts', find: ' || this.held.areRetried;', replace: ';' }],
    check: OUTBOX_REFUSED,
  },
  {
    name: 'sender-believed',
    prevents: 'A service hears what another may not say.',
    edits: [
      {
        file: 'libs/messages/src/codec.ts',
        find: '  assertBelongs(definition, dictionary.commandsFrom, wire.topic, source);',
        replace: '',
      },
    ],
    check: spec('libs/messages/src/codec.unit.spec.ts'),
  },
  {
    name: 'window-ends-at-a-time',
    prevents: 'A record with a time that is ahead hides the rest of an order.',
    edits: [
      {
        file: 'libs/kafka/src/reader/partition-reader.ts',
        find: "{ sinceMs }, 'latest');",
        replace: "{ sinceMs }, untilMs === Infinity ? 'latest' : { sinceMs: untilMs });",
      },
    ],
    check: spec('libs/kafka/src/reader/when-a-record-lies-about-its-time.int.spec.ts'),
  },
  {
    name: 'another-log-believed',
    prevents: 'A group stands behind the end of a log that is another, and hears nothing.',
    edits: [
      {
        file: 'libs/kafka/src/consumer/group-session.ts',
        find: 'checkCommittedOffsets(cluster, coordinator,',
        replace: 'if (Date.now() < 0) checkCommittedOffsets(cluster, coordinator,',
      },
    ],
    check: spec('libs/kafka/src/when-a-log-is-another.int.spec.ts'),
  },
  {
    name: 'read-on-unanswered',
    prevents: 'A client that asks and does not read has the memory of the service.',
    edits: [
      {
        file: 'libs/service/src/http/connection.ts',
        find: 'return this.due.size < this.limits.answersWaitingMax;',
        replace: 'return true;',
      },
    ],
    check: NOT_READING,
  },
  {
    name: 'slow-requests-kept',
    prevents: 'Clients that send a byte a second hold connections and memory.',
    edits: [
      {
        file: 'libs/service/src/http/connection.ts',
        find: 'if (now - (this.sendingSince ?? now) < withinMs) return;',
        replace: 'if (now - (this.sendingSince ?? now) < withinMs * 6) return;',
      },
    ],
    check: SLOW,
  },
  {
    name: 'slow-headers-of-a-further-request',
    prevents: 'A client that has had one answer sends the headers of its next request for ever.',
    edits: [
      {
        file: 'libs/service/src/http/connection.ts',
        find: ' && (ofLast || this.last !== last)',
        replace: '',
      },
    ],
    check: SLOW,
  },
  {
    name: 'any-host',
    prevents: 'A page of another site asks under a name of its own (DNS rebinding).',
    edits: [
      {
        file: 'libs/service/src/http/doors.ts',
        find: 'if (name === undefined || asked?.toLowerCase() !== host.toLowerCase() || !isOurs(name, doors)) return false;',
        replace: '',
      },
    ],
    check: DOORS,
  },
  {
    name: 'any-page',
    prevents: 'A page of another site changes something.',
    edits: [
      {
        file: 'libs/service/src/http/doors.ts',
        find: 'misdirected ?? crossSite(request) ?? withoutToken',
        replace: 'misdirected ?? withoutToken',
      },
    ],
    check: DOORS,
  },
  {
    name: 'no-token-asked',
    prevents: 'Whoever reaches a service may do what operators do.',
    edits: [
      {
        file: 'libs/service/src/http/doors.ts',
        find: 'if (token !== undefined && timingSafeEqual(hash(token), wanted)) return undefined;',
        replace: 'if (token !== undefined || wanted) return undefined;',
      },
    ],
    check: DOORS,
  },
  {
    name: 'last-member-wins',
    prevents: 'A proxy and this service read two different orders in one body.',
    edits: [
      {
        file: 'libs/service/src/http/one-reading.ts',
        find: 'error ?? ambiguousJson(text, value)',
        replace: 'error',
      },
    ],
    check: TWO_WAYS,
  },
  {
    name: 'written-means-as-parsed',
    prevents: 'The quick look at a body passes what the careful one would refuse.',
    edits: [
      {
        file: 'libs/service/src/http/one-reading.ts',
        find: 'written(parsed) === text',
        replace: '(written(parsed) ?? text).length <= text.length',
      },
    ],
    check: TWO_WAYS,
  },
  {
    name: 'card-numbers-kept',
    prevents: "A customer's card number is stored and published.",
    edits: [
      {
        file: 'libs/redaction/src/card-number.ts',
        find: 'if (text.length < DIGITS_MIN) return false;',
        replace: 'if (text.length < 100) return false;',
      },
    ],
    check: spec('libs/redaction/src/what-looks-like-a-card-number.unit.spec.ts'),
  },
  {
    name: 'tag-of-the-version-alone',
    prevents: 'A client is told 304 for an order whose saga has moved.',
    edits: [
      {
        file: 'apps/gateway/src/api/etag.ts',
        find: 'entityTagOf(body.version, body)',
        replace: 'entityTagOf(body.version, body.version)',
      },
    ],
    check: spec('apps/gateway/src/api/when-a-client-knows-the-answer.unit.spec.ts'),
  },
  {
    name: 'terminal-obeys',
    prevents: "A stranger's text hides or rewrites what an operator reads.",
    edits: [
      {
        file: 'tools/cli/src/shared/safe-text.ts',
        find: String.raw`[\p{Cc}\p{Cf}\p{Zl}`,
        replace: String.raw`[\p{Zl}`,
      },
    ],
    check: spec('tools/cli/src/shared/when-strangers-write.unit.spec.ts'),
  },
];
