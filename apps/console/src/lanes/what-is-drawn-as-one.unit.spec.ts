import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawingOf, type Drawing } from './drawing.js';
import { inView, MARKS_MAX, marksIn } from './in-view.js';
import { endOf, itemSentence, startOf } from './item-text.js';
import { foldOf, type ItemKind, itemsOf } from './items.js';
import { manyRecords, manySagas } from './many-messages.fixture.spec.js';
import { lanesOf, type LaneMessage, type Lanes } from './model.js';
import { lanesAt } from './moment.js';
import { allToggled, openOf, toggled } from './open.js';
import { BEGAN } from './records.fixture.spec.js';

/**
 * Goal: whatever is folded, stacked, grouped or out of view, no message is lost: each is drawn, or is in what is drawn, and opens.
 * Method: orders that were changed up to forty times, whose commands were asked again at random, opened at random.
 */
const lanesWith = (sagas: number, sendings: readonly number[] = []): Lanes =>
  lanesOf(manyRecords(sagas, sendings), manySagas(sagas));
const NOTHING: ReadonlySet<string> = new Set();
const draw = (lanes: Lanes, open: ReadonlySet<string> = NOTHING, foldPauses = true): Drawing =>
  drawingOf(lanes, { foldPauses, showRepeated: false, open });

const itemsIn = ({ messages, groups }: Drawing) => [
  ...messages.map(({ item }) => item),
  ...groups.map(({ item }) => item),
];
/** The keys of all that is drawn, or is in what is drawn. */
const keysIn = (drawing: Drawing): readonly string[] =>
  itemsIn(drawing)
    .flatMap(({ messages }) => messages.map(({ key }) => key))
    .sort();
const keysOf = ({ messages }: Pick<Lanes, 'messages'>): readonly string[] => messages.map(({ key }) => key).sort();
const first = (lanes: Lanes, type: string): LaneMessage => {
  const found = lanes.messages.find((message) => message.type === type);
  if (!found) throw new Error(`there is no ${type}`);
  return found;
};

const orders = fc.record({
  sagas: fc.integer({ min: 1, max: 40 }),
  sendings: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 40 }),
  picks: fc.array(fc.tuple(fc.nat(), fc.constantFrom<ItemKind>('stack', 'exchange', 'saga')), { maxLength: 60 }),
});
type Order = typeof orders extends fc.Arbitrary<infer T> ? T : never;
const ORDERS = { numRuns: 30 };
const WINDOW_PX = 300;
const opened = ({ messages }: Lanes, picks: Order['picks']): ReadonlySet<string> =>
  new Set(picks.map(([pick, kind]) => foldOf(kind, messages[pick % messages.length] as LaneMessage)));

describe('nothing is lost', () => {
  it('whatever is opened, each message is drawn once, by itself or with others', () => {
    fc.assert(
      fc.property(orders, fc.boolean(), ({ sagas, sendings, picks }, foldPauses) => {
        const lanes = lanesWith(sagas, sendings);
        expect(keysIn(draw(lanes, opened(lanes, picks), foldPauses))).toEqual(keysOf(lanes));
      }),
      ORDERS,
    );
  });

  it('as of any moment too, and nothing that is drawn moves', () => {
    fc.assert(
      fc.property(orders, fc.integer({ min: -10, max: 1_300_000 }), ({ sagas, sendings, picks }, ms) => {
        const whole = lanesWith(sagas, sendings);
        const then = lanesAt(whole, BEGAN + ms);
        const open = opened(whole, picks);
        const drawing = drawingOf(then, { foldPauses: true, showRepeated: false, open, whole });
        expect(keysIn(drawing)).toEqual(keysOf(then));
        const all = draw(whole, open);
        expect([drawing.width, drawing.height]).toEqual([all.width, all.height]);
        const placed = new Map(all.messages.map(({ message: { key }, arrows }) => [key, arrows[0]?.x1]));
        for (const { item, message, arrows } of drawing.messages)
          if (item.kind === 'message' && placed.has(message.key))
            for (const { x1 } of arrows) expect(x1).toBe(placed.get(message.key));
      }),
      ORDERS,
    );
  });

  it('with everything opened, each message is drawn by itself', () => {
    fc.assert(
      fc.property(orders, ({ sagas, sendings }) => {
        const lanes = lanesWith(sagas, sendings);
        const open = new Set<string>();
        const folded = () => itemsOf(lanes, open).items.filter(({ kind }) => kind !== 'message');
        for (let rest = folded(); rest.length > 0; rest = folded()) for (const { fold } of rest) open.add(fold);
        expect(itemsOf(lanes, open).items.map(({ messages }) => messages[0].key)).toEqual(
          lanes.messages.map(({ key }) => key),
        );
      }),
      ORDERS,
    );
  });

  it('nothing that was said, nothing that arrived, and no box lies within a pause that is folded', () => {
    fc.assert(
      fc.property(orders, ({ sagas, sendings, picks }) => {
        const lanes = lanesWith(sagas, sendings);
        const { breaks, messages, groups, marks, scale, width } = draw(lanes, opened(lanes, picks));
        const places = [
          ...messages.flatMap(({ arrows }) => arrows.flatMap(({ x1, x2 }) => [x1, x2])),
          ...groups.flatMap(({ item }) => [startOf(item.messages), endOf(item.messages)].map((at) => scale.x(at))),
          ...marks.map(({ x }) => x),
        ];
        const within = places.filter((place) =>
          breaks.some(({ x, width: wide }) => place > x + 0.01 && place < x + wide - 0.01),
        );
        expect(within).toEqual([]);
        const spans = groups.map(({ item }) => ({ from: startOf(item.messages), to: endOf(item.messages) }));
        expect(breaks.filter(({ from, to }) => spans.some((one) => one.from < to && one.to > from))).toEqual([]);
        expect(places.filter((place) => place < 0 || place > width)).toEqual([]);
      }),
      ORDERS,
    );
  });

  it('of a picture with too many marks, window after window has all of it, and what is selected is in each', () => {
    const lanes = lanesWith(100);
    const drawing = drawingOf(lanes, { foldPauses: true, showRepeated: false });
    expect(marksIn(drawing)).toBeGreaterThan(MARKS_MAX);
    const kept = lanes.messages[7]?.key;
    const seen = new Set<string>();
    for (let left = 0; left < drawing.width; left += WINDOW_PX) {
      const window = inView(drawing, { left, right: left + WINDOW_PX }, kept);
      expect(window.messages.length).toBeLessThan(drawing.messages.length);
      const keys = keysIn(window);
      expect(keys).toContain(kept);
      for (const key of keys) seen.add(key);
      // The ends of an arrow may both be outside.
      const over = drawing.messages.filter(({ arrows }) =>
        arrows.some(({ x1, x2 }) => x1 < left && x2 > left + WINDOW_PX),
      );
      expect(over.filter((one) => !window.messages.includes(one))).toEqual([]);
    }
    expect([...seen].sort()).toEqual(keysOf(lanes));
  });

  it('an arrow over a window is in it, although it begins and ends outside', () => {
    const drawing = drawingOf(lanesWith(100), { foldPauses: true, showRepeated: false });
    const [one, ...others] = drawing.messages;
    const [arrow] = one?.arrows ?? [];
    if (!one || !arrow) throw new Error('there is no arrow');
    const long = { ...one, arrows: [{ ...arrow, x1: 100, x2: 9_000, ticks: [] }], label: { ...one.label, x: 100 } };
    const window = inView({ ...drawing, messages: [long, ...others] }, { left: 4_000, right: 4_300 }, undefined);
    expect(window.messages).toContain(long);
  });

  it('a picture with few marks is drawn whole', () => {
    const drawing = draw(lanesWith(2));
    expect(inView(drawing, { left: 0, right: 1 }, undefined)).toBe(drawing);
  });
});

describe('the sendings of one command', () => {
  const lanes = lanesWith(1, [3]);
  const stack = foldOf('stack', first(lanes, 'ReserveStock'));

  it('three sendings are one arrow that says ×3, and takes no time of the later ones', () => {
    const { messages, scale } = draw(lanes);
    const stacked = messages.filter(({ message }) => message.type === 'ReserveStock');
    expect(stacked.map(({ label, item }) => [label.text, item.messages.length])).toEqual([['▸ ReserveStock ×3', 3]]);
    expect(stacked[0]?.arrows).toHaveLength(1);
    expect(scale.end).toBeLessThan(BEGAN + 10_000);
    const again = draw(lanesWith(2, [3])).breaks.map(({ stacked: hidden }) => hidden);
    expect(again.filter((count) => count > 0)).toEqual([2]);
    expect(stacked[0] && itemSentence(stacked[0].item)).toMatch(/^2\. .*sent 3 times within 20 s, drawn as one$/);
  });

  it('opened, each is an arrow with its number; the button that folds them says what it folds', () => {
    const { messages, opened: open } = draw(lanes, new Set([stack]));
    const sendings = messages.filter(({ message }) => message.type === 'ReserveStock');
    expect(sendings.map(({ label }) => label.text)).toEqual([
      ...['▸ ReserveStock 1 of 3', '▸ ReserveStock 2 of 3', '▸ ReserveStock 3 of 3'],
    ]);
    expect(open.map(({ text }) => text)).toEqual(['⊟ ReserveStock ×3']);
  });

  it('the arrow ends where any of them arrived for certain, sooner than where the first is only inferred to', () => {
    const at = first(lanes, 'ReserveStock').saidAt;
    const arriving = (message: LaneMessage, ms: number, how: 'inferred' | 'received'): LaneMessage => ({
      ...message,
      to: [{ lane: 'inventory', at: at + ms, how, inboxAt: undefined }],
    });
    const messages = lanes.messages.map((message) =>
      message.type !== 'ReserveStock'
        ? message
        : message.attempt.number === 2
          ? arriving(message, 10_020, 'received')
          : arriving(message, 30_000, 'inferred'),
    );
    const drawing = draw({ ...lanes, messages });
    const [stacked] = drawing.messages.filter(({ message }) => message.type === 'ReserveStock');
    expect(stacked?.arrows.map(({ x2, how }) => [x2, how])).toEqual([[drawing.scale.x(at + 10_020), 'received']]);
  });

  it('a timer that fired is told by the sending that nobody asked for, and stands beside it once that is drawn', () => {
    const fired = lanes.marks.filter(({ kind }) => kind === 'fired');
    expect(fired.map(({ at }) => at - BEGAN)).toEqual([10_012, 20_012]);
    expect(draw(lanes).marks.filter(({ mark }) => mark.kind === 'fired')).toEqual([]);
    expect(draw(lanes, new Set([stack])).marks.filter(({ mark }) => mark.kind === 'fired')).toHaveLength(2);
    const [saga] = manySagas(1);
    const byAda = { commandIds: [fired[0]?.of ?? ''], at: new Date(BEGAN).toISOString(), by: 'ada', reason: 'back' };
    const operated = lanesOf(manyRecords(1, [3]), [{ ...saga, operations: [byAda] } as never]);
    expect(operated.marks.filter(({ kind }) => kind === 'fired').map(({ at }) => at - BEGAN)).toEqual([20_012]);
  });
});

describe('groups', () => {
  const texts = ({ groups }: Drawing): readonly string[] => groups.map(({ label }) => label.text);

  it('299 messages are drawn by themselves; 312 as their sagas, each with what began it, and with what it may not hide', () => {
    expect(texts(draw(lanesWith(23)))).toEqual([]);
    const drawing = draw(lanesWith(24));
    expect(drawing.messages).toEqual([]);
    expect(new Set(texts(drawing))).toEqual(new Set(['⊞ 13 OrderRejected ✕1 ↩2']));
    expect(drawing.groups).toHaveLength(24);
  });

  it('a saga that is opened shows its messages among the others, and folds again', () => {
    const lanes = lanesWith(24);
    const open = new Set([foldOf('saga', lanes.messages[0] as LaneMessage)]);
    const drawing = draw(lanes, open);
    expect(drawing.groups).toHaveLength(23);
    expect(drawing.messages).toHaveLength(13);
    expect(drawing.undos).toHaveLength(2);
    expect(drawing.opened.map(({ item }) => item.fold)).toEqual([...open]);
  });

  it('one saga with too many messages is drawn as its steps', () => {
    const lanes = lanesOf(manyRecords(24, [], true), []);
    const drawing = draw(lanes);
    expect(new Set(drawing.groups.map(({ item }) => item.kind))).toEqual(new Set(['exchange']));
    expect(drawing.groups).toHaveLength(6 * 24);
    expect(drawing.messages).toHaveLength(24);
  });

  it('a command that was asked for four hundred times is one arrow, and makes no groups of the others', () => {
    const drawing = draw(lanesWith(1, [400]));
    expect(drawing.groups).toEqual([]);
    expect(drawing.messages).toHaveLength(13);
  });
});

describe('what is open', () => {
  const PAUSES = [{ from: 10 }, { from: 20 }];

  it('a fold is opened and folded again; with all pauses open, one is folded and the others stay open', () => {
    expect(toggled({}, 'p:10', [])).toEqual({ open: 'p:10' });
    expect(toggled({ open: 'p:10 s:a.commands/1/2' }, 'p:10', [])).toEqual({ open: 's:a.commands/1/2' });
    expect(toggled({ open: 'p:10' }, 'p:10', [])).toEqual({});
    expect(toggled({ unfolded: true }, 'p:10', PAUSES)).toEqual({ open: 'p:20' });
    expect(toggled({ unfolded: true }, 's:a.commands/1/2', PAUSES)).toEqual({
      unfolded: true,
      open: 's:a.commands/1/2',
    });
  });

  it('z folds everything, and where nothing is open it opens all pauses', () => {
    expect(allToggled({ open: 'p:10' })).toEqual({});
    expect(allToggled({ unfolded: true })).toEqual({});
    expect(allToggled({})).toEqual({ unfolded: true });
  });

  it('a pause that is opened is drawn as long as it was, between the same times, while the others stay folded', () => {
    const lanes = lanesWith(3);
    const { breaks } = draw(lanes);
    expect(breaks.length).toBeGreaterThanOrEqual(2);
    const [one, ...others] = breaks;
    const open = draw(lanes, openOf(`p:${one?.from ?? 0}`));
    expect(open.openBreaks).toEqual([expect.objectContaining({ from: one?.from, to: one?.to })]);
    expect(open.breaks.map(({ from }) => from)).toEqual(others.map(({ from }) => from));
    expect(open.openBreaks[0]?.width).toBeGreaterThan(one?.width ?? Infinity);
  });

  it('whatever an address says, at most a hundred are open, and none that is not understood', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect([...openOf(text)].every((fold) => /^[psge]:/.test(fold))).toBe(true);
      }),
    );
    expect(openOf(Array.from({ length: 150 }, (_, from) => `p:${from}`).join(' ')).size).toBe(100);
    expect(openOf('x:1 p:1e3 s:a b/1/2 p:7')).toEqual(new Set(['p:7']));
  });
});
