import { basename } from 'node:path';
import { statSync } from 'node:fs';

/** Seconds that a spec file took with another one beside it, on two cores: of those that take ten or more. */
const SECONDS = {
  'what-dies-comes-back.e2e.spec.ts': 148,
  'what-operators-see.e2e.spec.ts': 138,
  'when-a-broker-of-three-is-killed.e2e.spec.ts': 101,
  'when-everything-starts.e2e.spec.ts': 80,
  'when-a-source-changes.e2e.spec.ts': 80,
  'every-documented-answer-is-reached.e2e.spec.ts': 60,
  'a-short-storm.e2e.spec.ts': 60,
  'whatever-a-stranger-writes.e2e.spec.ts': 45,
  'when-the-tutorial-is-followed.e2e.spec.ts': 75,
  'when-kafka-wants-credentials.e2e.spec.ts': 41,
  'when-copies-and-messages-are-lost.e2e.spec.ts': 36,
  'when-a-log-is-another.int.spec.ts': 40,
  'when-a-client-does-not-read.unit.spec.ts': 37,
  'when-a-consumer-is-frozen.int.spec.ts': 37,
  'infrastructure.int.spec.ts': 25,
  'when-consumers-come-and-go.int.spec.ts': 14,
  'when-keys-grow-old.int.spec.ts': 13,
  'when-versions-meet.int.spec.ts': 12,
  'when-a-service-ends.int.spec.ts': 12,
  'when-a-client-is-slow.unit.spec.ts': 12,
  'when-charges-are-many.unit.spec.ts': 11,
  'when-the-provider-answers.int.spec.ts': 11,
  'when-orders-are-simulated.unit.spec.ts': 10,
};
/** An e2e spec starts a whole system. One that nobody has measured begins first. */
const UNKNOWN_E2E_SECONDS = 1_000;
const BYTES_A_SECOND = 1_000_000;

/**
 * The order of spec files, for Jest: the longest first, so that none of them runs alone at the end while the other workers have nothing to
 * do. Jest knows how long files took from its cache, which a fresh clone does not have, and goes by their size.
 */
export default class LongestFirst {
  sort(tests) {
    const timed = tests.map((test) => ({ test, seconds: secondsOf(test.path) }));
    return timed.sort((a, b) => b.seconds - a.seconds).map(({ test }) => test);
  }

  shard(tests) {
    return tests;
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}

function secondsOf(path) {
  const known = SECONDS[basename(path)];
  if (known !== undefined) return known;
  return path.endsWith('.e2e.spec.ts') ? UNKNOWN_E2E_SECONDS : statSync(path).size / BYTES_A_SECOND;
}
