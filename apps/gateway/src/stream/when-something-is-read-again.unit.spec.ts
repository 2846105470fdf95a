import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { RepeatedAnswer } from './repeated-answer.js';

/** Goal: whoever watches is told, one reading serves all, and nobody who watches means nothing that is read. Method: a source that counts. */
class Counting {
  readings = 0;
  atOnce = 0;
  isBroken = false;
  readonly failures: unknown[] = [];
  readonly againAfterMs = 1;
  readonly read = async () => {
    this.atOnce += 1;
    await new Promise((resolve) => setImmediate(resolve));
    const overlap = this.atOnce > 1;
    this.atOnce -= 1;
    if (this.isBroken || overlap) throw new Error(overlap ? 'two at once' : 'broken');
    return { text: `${(this.readings += 1)};`, pauseMs: 1 };
  };
  readonly failed = (error: unknown): void => void this.failures.push(error);
}

describe('what is read again and again', () => {
  it('all who watch are told the same readings, and who comes later the latest at once', async () => {
    const source = new Counting();
    const answer = new RepeatedAnswer(source);
    const [one, other, late]: [string[], string[], string[]] = [[], [], []];
    const leaves = [answer.watch((text) => one.push(text)), answer.watch((text) => other.push(text))];
    await waitUntil('it was read often', () => one.length >= 5);
    expect(other).toEqual(one);
    leaves.push(answer.watch((text) => late.push(text)));
    expect(late).toEqual(one.slice(-1));
    expect(source.failures).toEqual([]);
    leaves.forEach((leave) => leave());
  });

  it('nothing is read while nobody watches, and nothing old is told to who comes then', async () => {
    const source = new Counting();
    const answer = new RepeatedAnswer(source);
    const told: string[] = [];
    const leave = answer.watch((text) => told.push(text));
    await waitUntil('it was told', () => told.length > 0);
    leave();
    await waitUntil('no reading is left', () => source.atOnce === 0);
    const { readings } = source;
    const again: string[] = [];
    const leaveAgain = answer.watch((text) => again.push(text));
    expect(again).toEqual([]);
    await waitUntil('it is read anew', () => again.length > 0);
    expect(again[0]).toBe(`${readings + 1};`);
    leaveAgain();
  });

  it('a reading that comes to nothing is told to nobody, and is tried again', async () => {
    const source = new Counting();
    source.isBroken = true;
    const told: string[] = [];
    const leave = new RepeatedAnswer(source).watch((text) => told.push(text));
    await waitUntil('it failed twice', () => source.failures.length >= 2);
    expect(told).toEqual([]);
    source.isBroken = false;
    await waitUntil('it is told', () => told.length > 0);
    leave();
  });
});
