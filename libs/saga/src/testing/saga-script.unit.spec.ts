import { describe, expect, it } from '@jest/globals';
import { compensatable, minutes, retriable, saga, seconds } from '../index.js';
import { given } from './index.js';
import { sampleOf } from './sample.js';
import {
  aCake,
  BakeCake,
  BinCake,
  CakeBaked,
  CakeBinned,
  CakeBurnt,
  CakeServed,
  CakeWished,
  ServeCake,
} from './bakery.fixture.spec.js';

/** Goal: a script that its saga does not play fails, and the message shows the story and the difference. */
const tried = saga('tried', { failures: ['burnt'] }).startsOn(CakeWished, {
  version: 1,
  deadline: minutes(10),
  steps: [
    compensatable('bake', {
      send: BakeCake,
      done: CakeBaked,
      refused: CakeBurnt,
      failure: ({ reason }) => ({ code: 'burnt', message: reason }),
      undo: BinCake,
      undone: CakeBinned,
      timeout: seconds(1),
    }),
    retriable('serve', { send: ServeCake, done: CakeServed, retry: { attempts: 2 } }),
  ],
});
const cake = aCake();
const script = () => given(tried).startedBy(cake);

describe('a script that is not played', () => {
  it.each<[string, () => unknown]>([
    [
      'tried: expected the command BinCake, and BakeCake was sent\n  started by CakeWished',
      () => script().expect(BinCake),
    ],
    ['tried: BakeCake: layers is 2, not 3', () => script().expect(BakeCake, { layers: 3 })],
    ['tried: BakeCake was sent, and the script does not expect it', () => script().timesOut()],
    ['tried: no command was expected yet', () => script().reply(CakeBaked)],
    [
      'tried: it was ignored: not_an_answer\n  started by CakeWished\n  → BakeCake\n  ← CakeServed',
      () => script().expect(BakeCake).reply(CakeServed),
    ],
    ['tried: it counted, and should have been ignored', () => script().expect(BakeCake).ignores(CakeBaked)],
    ['tried: nothing was replied yet', () => script().replyAgain()],
    ['tried: expected the command ServeCake, and nothing was sent', () => script().expect(BakeCake).expect(ServeCake)],
    ['tried: expected it to be COMPLETED, and it is RUNNING', () => script().expect(BakeCake).endsAs('COMPLETED')],
    [
      'tried: failure.code is "burnt", not "timed_out"',
      () => script().expect(BakeCake).reply(CakeBurnt, { reason: 'oven' }).endsAs('COMPENSATED', { code: 'timed_out' }),
    ],
    [
      'tried: nothing is waited for',
      () => script().expect(BakeCake).reply(CakeBaked).expect(ServeCake).staysSilent().isNow('STUCK').timesOut(),
    ],
    [
      'tried: cannot retry a saga that is RUNNING: its command is still sent again without an operator',
      () => script().expect(BakeCake).operator('retry'),
    ],
    ['CakeWished does not match its schema: layers: ', () => given(tried).startedBy({ ...cake, layers: -1 })],
  ])('a script that its saga does not play fails with: %s', (says, act) => {
    expect(act).toThrow(says);
  });
});

describe('a sample', () => {
  it('a sample field is the given value, else the source’s, else one that the schema accepts', () => {
    expect(sampleOf(CakeBurnt, { reason: 'baker' }, { cakeId: cake.cakeId })).toEqual({
      cakeId: cake.cakeId,
      reason: 'baker',
      layers: [],
    });
  });

  it('a sample field without an acceptable value is named in the error', () => {
    expect(() => sampleOf(CakeBurnt, {})).toThrow(/CakeBurnt does not match its schema: .*reason/);
  });
});
