import { basename } from 'node:path';
import { statSync } from 'node:fs';

/** Seconds that a spec file took with others beside it, on two cores: of those that take ten or more. */
const SECONDS = {
  'when-the-console-is-opened.e2e.spec.ts': 587,
  'what-dies-comes-back.e2e.spec.ts': 352,
  'what-operators-see.e2e.spec.ts': 225,
  'when-the-tutorial-is-followed.e2e.spec.ts': 194,
  'when-everything-starts.e2e.spec.ts': 170,
  'every-documented-answer-is-reached.e2e.spec.ts': 124,
  'when-a-source-changes.e2e.spec.ts': 115,
  'when-a-broker-of-three-is-killed.e2e.spec.ts': 98,
  'when-services-hand-over.e2e.spec.ts': 83,
  'a-short-storm.e2e.spec.ts': 70,
  'when-processes-hand-over.e2e.spec.ts': 69,
  'when-kafka-wants-credentials.e2e.spec.ts': 56,
  'whatever-a-stranger-writes.e2e.spec.ts': 45,
  'when-services-run-together.e2e.spec.ts': 36,
  'when-peers-take-orders.e2e.spec.ts': 30,
  'when-copies-and-messages-are-lost.e2e.spec.ts': 26,
  'when-processes-hand-over.int.spec.ts': 29,
  'when-two-instances-move-parcels.int.spec.ts': 28,
  'infrastructure.int.spec.ts': 26,
  'when-services-hand-over.int.spec.ts': 23,
  'when-orders-are-simulated.unit.spec.ts': 23,
  'what-an-entry-loads.int.spec.ts': 18,
  'when-a-lab-is-run.int.spec.ts': 18,
  'when-a-service-ends.int.spec.ts': 16,
  'when-a-transfer-storm-comes.int.spec.ts': 15,
  'when-writes-are-lost.int.spec.ts': 15,
  'when-intents-are-raced.int.spec.ts': 13,
  'when-workers-are-killed.int.spec.ts': 13,
  'when-writers-collide.int.spec.ts': 13,
  'when-a-catalogue-is-told-again.int.spec.ts': 12,
  'payment.module.int.spec.ts': 12,
  'when-an-entity-says-how-it-is-taken.int.spec.ts': 11,
  'when-the-gateway-places-orders.int.spec.ts': 11,
  'when-a-load-is-neither-high-nor-low.int.spec.ts': 10,
};
/** The same of those that wait for most of it, for sessions, leases and limits to end, and compute next to nothing. */
const SECONDS_OF_WAITING = {
  'when-a-log-is-another.int.spec.ts': 41,
  'when-a-client-does-not-read.unit.spec.ts': 37,
  'when-a-consumer-is-frozen.int.spec.ts': 35,
  'what-the-page-shows.unit.spec.ts': 22,
  'when-messages-are-looked-through.int.spec.ts': 21,
  'while-every-service-is-away.unit.spec.ts': 20,
  'when-keys-grow-old.int.spec.ts': 18,
  'when-everything-is-watched.int.spec.ts': 16,
  'when-a-client-is-slow.unit.spec.ts': 15,
  'when-the-provider-answers.int.spec.ts': 15,
  'when-consumers-come-and-go.int.spec.ts': 14,
  'when-versions-meet.int.spec.ts': 14,
};
/** An e2e spec starts a whole system. One that nobody has measured begins first. */
const UNKNOWN_E2E_SECONDS = 1_000;
/** Most of what a short spec takes is loading what it imports. */
const SHORT_SECONDS = 2;
const BYTES_A_SECOND = 1_000_000;
/** Workers that compute while one waits. */
const COMPUTING = 3;

/**
 * The order of spec files, for Jest: the longest first, so that none of them runs alone at the end while the other workers have nothing to
 * do. Those that wait begin one after another instead: with all workers in them, no core has anything to do.
 * Jest knows how long files took from its cache, which a fresh clone does not have, and goes by their size.
 */
export default class LongestFirst {
  sort(tests) {
    const timed = tests.map((test) => ({ test, ...timeOf(test.path) })).sort((a, b) => b.seconds - a.seconds);
    const waiting = timed.filter(({ waits }) => waits);
    const order = [];
    let waited = 0;
    let computed = 0;
    for (const one of timed.filter(({ waits }) => !waits)) {
      if (waiting.length > 0 && waited * COMPUTING <= computed) {
        waited += waiting[0].seconds;
        order.push(waiting.shift());
      }
      computed += one.seconds;
      order.push(one);
    }
    return [...order, ...waiting].map(({ test }) => test);
  }

  shard(tests) {
    return tests;
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}

function timeOf(path) {
  const name = basename(path);
  const waiting = SECONDS_OF_WAITING[name];
  if (waiting !== undefined) return { seconds: waiting, waits: true };
  if (SECONDS[name] !== undefined) return { seconds: SECONDS[name], waits: false };
  const seconds = path.endsWith('.e2e.spec.ts')
    ? UNKNOWN_E2E_SECONDS
    : SHORT_SECONDS + statSync(path).size / BYTES_A_SECOND;
  return { seconds, waits: false };
}
