import { beforeEach, describe, expect, it } from '@jest/globals';
import { EPOCH, Kernel } from '../world/kernel.js';
import { SimulatedProcess } from '../world/process.js';
import { Random } from '../world/random.js';
import { Story } from '../world/story.js';
import { Group, SESSION_MS, type Member } from './group.js';
import { Log } from './log.js';

/**
 * Goal: the simulated group expels members when Kafka's would, and an expelled member asks before it hands more messages over.
 * Method: two members of a group with two partitions; one is cut off or stopped, and the clock runs.
 */
class Consumer implements Member {
  owned: readonly number[] = [];
  timesExpelled = 0;
  constructor(readonly process: SimulatedProcess) {}
  assigned(partitions: readonly number[]): void {
    this.owned = partitions;
  }
  async revoked(partition: number): Promise<void> {
    this.owned = this.owned.filter((one) => one !== partition);
  }
  async expelled(): Promise<void> {
    this.timesExpelled++;
    this.owned = [];
  }
}

let kernel: Kernel;
let log: Log;
let group: Group;
let first: Consumer;
let second: Consumer;

const at = (ms: number, act: () => void): void => void kernel.after(EPOCH + ms - kernel.now, act);
const until = (ms: number): Promise<void> => {
  at(ms, () => undefined);
  return kernel.run(() => kernel.now >= EPOCH + ms);
};

beforeEach(async () => {
  kernel = new Kernel(new Random(1));
  log = new Log(
    ['stock.commands'],
    2,
    () => kernel.now,
    () => undefined,
    () => undefined,
  );
  group = new Group('stock', 2, log, kernel, new Story(kernel, false), () => undefined);
  const joins = (instance: number): Consumer => {
    const member = new Consumer(new SimulatedProcess('stock', instance, kernel));
    member.process.onSilence(() => group.silent(member));
    group.join(member);
    return member;
  };
  [first, second] = [joins(1), joins(2)];
  await until(1_000);
  expect([first.owned, second.owned]).toEqual([[0], [1]]);
});

describe('a member that is not heard', () => {
  it('a member that is silent for less than a session goes on', async () => {
    second.process.stop(SESSION_MS - 1);
    await until(20_000);
    expect(group.isOut(second)).toBe(false);
    expect([first.owned, second.owned]).toEqual([[0], [1]]);
  });

  it('a member that is silent for a session is expelled, hands nothing over, and joins again', async () => {
    second.process.stop(SESSION_MS + 1_000);
    await until(1_000 + SESSION_MS + 500);
    expect(first.owned).toEqual([0, 1]);
    // It still takes the partition for its own; when it asks, it learns that it is expelled.
    expect(second.owned).toEqual([1]);
    expect(group.isOut(second)).toBe(true);
    expect(group.isOut(second)).toBe(false);
    await until(20_000);
    expect(second.timesExpelled).toBe(1);
    expect([first.owned, second.owned]).toEqual([[0], [1]]);
  });

  it('a member that is silent twice for less than a session is not expelled', async () => {
    second.process.cut('kafka', EPOCH + 3_000);
    at(5_000, () => second.process.cut('kafka', EPOCH + 9_000));
    await until(20_000);
    expect(second.timesExpelled).toBe(0);
  });

  it('a member has a whole session after Kafka was away', async () => {
    second.process.stop(12_000);
    log.awayUntil = EPOCH + 8_000;
    await until(8_000 + SESSION_MS + 5_000);
    expect([first.timesExpelled, second.timesExpelled]).toEqual([0, 0]);
  });
});
