import { describe, expect, it } from '@jest/globals';
import * as broken from './broken-stores.fixture.spec.js';
import { freshKey, STORE_CHECKS, type Stores } from './checks.js';
import { describeVersionedStore } from './describe-versioned-store.js';
import { MemoryStore } from './memory-store.js';

/**
 * Goal: the suite of stores fails on a store that does not keep the contract, and names what is wrong.
 * Method: each check runs against stores of this process, each of them with one fault that was seen in real stores or in code for them.
 */
const rows = new MemoryStore();
describeVersionedStore('store in memory', () => new MemoryStore(rows), { runner: { describe, it } });

async function failuresOf(stores: Stores['stores']): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of STORE_CHECKS) await run({ stores, key: freshKey() }).catch(() => failed.push(name));
  return failed;
}

const CREATE = 'a row is created once, at version 1';
const RACE_TO_CREATE = 'of 20 that create a row at once, one does';
const RACE = 'of 20 that write one version at once, one does';
const INCREMENTS = '8 writers that add 25 times each lose nothing';
const STALE = 'a stale put is refused, and leaves the row as it is';
const LOWERED = 'a number that was lowered in between is not lowered again unseen';
const SAME = 'the same value put again counts the version';
const NO_ROW = 'a put that expects a row is refused where there is none';
const LOCK = 'a lock has one holder, and is taken over only when its lease was not renewed';
const FENCE = 'a holder whose lease is over writes nothing after the next one has written';
const TOGETHER = 'a row and its record are written together';
const REFUSED = 'a put that is refused leaves no record';
const RACE_WITH_RECORD = 'of 20 that write a row with a record at once, one does, and its record alone is there';

const EXPECTATION = [
  CREATE,
  NO_ROW,
  STALE,
  SAME,
  LOWERED,
  RACE_TO_CREATE,
  RACE,
  INCREMENTS,
  LOCK,
  FENCE,
  REFUSED,
  RACE_WITH_RECORD,
];
const RACES = [RACE_TO_CREATE, RACE, INCREMENTS, LOCK, RACE_WITH_RECORD];

it.each([
  ['ignores what is expected', broken.IgnoresExpected, EXPECTATION],
  ['compares before its write and not in it', broken.LooksAndThenWrites, RACES],
  ['compares under a lock of its own process', broken.LocksInItsOwnProcess, RACES],
  ['creates a row over another', broken.CreatesOverWhatIsThere, [CREATE, RACE_TO_CREATE, LOCK, REFUSED]],
  ['creates a row that it was told to update', broken.CreatesWhatIsExpected, [NO_ROW, REFUSED]],
  ['counts changes of the value only', broken.CountsChangesOnly, [SAME]],
  ['takes a version that is still to come', broken.TakesNewerVersionsToo, [STALE, REFUSED]],
  ['writes the record of a put that is refused', broken.RecordsWhatIsRefused, [REFUSED, RACE_WITH_RECORD]],
  ['forgets the record', broken.ForgetsTheRecord, [TOGETHER, REFUSED, RACE_WITH_RECORD]],
  ['says another version than it has written', broken.SaysAnotherVersion, [STALE, SAME, LOWERED]],
])('suite of stores refuses a store that %s', async (_, Broken, mustFail) => {
  const shared = new Map<string, never>();
  expect(await failuresOf([new Broken(shared), new Broken(shared)])).toEqual(expect.arrayContaining(mustFail));
});

it('suite of stores says in one spec what a store leaves out, and skips it', () => {
  const [listed, skipped]: [string[], string[]] = [[], []];
  const list = Object.assign((name: string) => void listed.push(name), {
    skip: (name: string) => void skipped.push(name),
  });
  describeVersionedStore('half a store', () => new MemoryStore(), {
    runner: { describe: (_name, body) => body(), it: list },
    without: { outbox: 'this spec wants none' },
  });
  expect(skipped).toEqual([TOGETHER, REFUSED, RACE_WITH_RECORD].map((name) => `half a store: ${name}`));
  expect(listed).toHaveLength(STORE_CHECKS.length - 3);
});
