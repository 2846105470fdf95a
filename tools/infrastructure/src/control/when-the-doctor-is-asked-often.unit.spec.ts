import { expect, it } from '@jest/globals';
import { onceInAWhile } from './once-in-a-while.js';

/** Goal: however many ask, one examination runs at a time, and the next begins a while after it. Method: work that ends when it is told to. */
it('who asks while an examination runs gets its answer, and so does who asks soon after it', async () => {
  let now = 0;
  const ends: ((answer: number) => void)[] = [];
  const ask = onceInAWhile(
    () => new Promise<number>((resolve) => ends.push(resolve)),
    2_000,
    () => now,
  );
  const [first, second] = [ask(), ask()];
  now = 60_000;
  const third = ask();
  expect(ends).toHaveLength(1);
  ends[0]?.(1);
  expect(await Promise.all([first, second, third])).toEqual([1, 1, 1]);
  now += 1_999;
  expect(await ask()).toBe(1);
  now += 1;
  const later = ask();
  ends[1]?.(2);
  expect(await later).toBe(2);
  expect(ends).toHaveLength(2);
});

it('an examination that fails is not repeated at once either', async () => {
  let [now, examined] = [0, 0];
  const ask = onceInAWhile(
    () => Promise.reject(new Error(`no ${++examined}`)),
    2_000,
    () => now,
  );
  await expect(ask()).rejects.toThrow('no 1');
  await expect(ask()).rejects.toThrow('no 1');
  now = 2_000;
  await expect(ask()).rejects.toThrow('no 2');
});
