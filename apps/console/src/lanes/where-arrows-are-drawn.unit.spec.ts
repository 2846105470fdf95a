import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawingOf } from './drawing.js';
import { lanesOf } from './model.js';
import { REFUSED, REFUSED_SAGA, REPEATED } from './records.fixture.spec.js';
import { timeScale } from './time-scale.js';

/** Goal: later is further right, pauses take little room, and compensations run back to what they take back. Method: the pure drawing. */
const FOLDED = { foldPauses: true, showRepeated: false };
const lanes = lanesOf([...REFUSED, ...REPEATED], [REFUSED_SAGA]);

describe('the scale of time', () => {
  it('a later time is never left of an earlier one, and all lie within the picture', () => {
    const times = fc.array(fc.integer({ min: 0, max: 2 ** 41 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(times, fc.boolean(), (marks, foldPauses) => {
        const scale = timeScale(marks, { foldPauses });
        const places = [...marks].sort((a, b) => a - b).map((at) => scale.x(at));
        expect(places.every((x, index) => x >= (places[index - 1] ?? 0) && x <= scale.width)).toBe(true);
      }),
    );
  });

  it('a pause of five seconds is a break, and as long as it was once unfolded', () => {
    const times = [0, 10, 20, 30, 5_030, 5_040];
    expect(timeScale(times, { foldPauses: true }).breaks).toEqual([expect.objectContaining({ from: 30, to: 5_030 })]);
    expect(timeScale(times, { foldPauses: false }).breaks).toEqual([]);
    expect(timeScale(times, { foldPauses: false }).width).toBeGreaterThan(timeScale(times, { foldPauses: true }).width);
  });

  it('a picture fits the width where it is shown, and scrolls where that is too narrow', () => {
    const times = Array.from({ length: 20 }, (_, index) => index * 10);
    const natural = timeScale(times, { foldPauses: true }).width;
    expect(timeScale(times, { foldPauses: true, fitPx: natural - 100 }).width).toBeCloseTo(natural - 100);
    expect(timeScale(times, { foldPauses: true, fitPx: 320 }).width).toBeGreaterThan(320);
  });

  it('a picture of nothing, or of one moment, has a width', () => {
    expect(timeScale([], FOLDED).width).toBeGreaterThan(0);
    expect(timeScale([7, 7], FOLDED).x(7)).toBeGreaterThan(0);
  });
});

describe('the drawing', () => {
  it('compensations run from right to left, each to the step that it takes back, the latest lowest', () => {
    const { undos } = drawingOf(lanes, FOLDED);
    expect(undos.map(({ step, isDone }) => [step, isDone])).toEqual([
      ['charge-payment', true],
      ['reserve-stock', true],
    ]);
    for (const { from, to } of undos) expect(to).toBeLessThan(from);
    const laneOf = new Map(drawingOf(lanes, FOLDED).lanes.map(({ name, y }) => [y, name]));
    expect(undos.map(({ stepY }) => laneOf.get(stepY))).toEqual(['payment', 'inventory']);
    expect(undos[1]?.y).toBeGreaterThan(undos[0]?.y ?? Infinity);
    expect(undos[1]?.to).toBeLessThan(undos[0]?.to ?? 0);
  });

  it('repetitions are drawn when they are asked for, and end before the lane that has the message already', () => {
    expect(drawingOf(lanes, FOLDED).messages.flatMap(({ repetitions }) => repetitions)).toEqual([]);
    const { messages, lanes: drawn } = drawingOf(lanes, { ...FOLDED, showRepeated: true });
    const yOf = new Map(drawn.map(({ name, y }) => [name, y]));
    for (const { message, repetitions } of messages) {
      const target = yOf.get(message.to[0]?.lane ?? '') ?? 0;
      expect(repetitions).toHaveLength(1);
      for (const { y1, y2 } of repetitions) expect(Math.abs(y2 - y1)).toBeLessThan(Math.abs(target - y1));
    }
  });

  it('no label covers another', () => {
    const labels = drawingOf(lanes, FOLDED).messages.map(({ message, label: { x, y, anchor } }) => {
      const width = (message.type.length + 3) * 6;
      return { y, left: anchor === 'end' ? x - width : x, right: anchor === 'end' ? x : x + width };
    });
    const covered = labels.filter((one, index) =>
      labels.slice(index + 1).some((other) => other.y === one.y && other.left < one.right && one.left < other.right),
    );
    expect(covered).toEqual([]);
  });
});
