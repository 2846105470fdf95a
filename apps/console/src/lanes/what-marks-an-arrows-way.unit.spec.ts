import { describe, expect, it } from '@jest/globals';
import type { ServiceEvidence } from '../api/types.js';
import { lineOf } from './arrow-shape.js';
import { drawingOf } from './drawing.js';
import { knownOf } from './known.js';
import { lanesOf, type Lanes } from './model.js';
import { lanesAt } from './moment.js';
import { BEGAN, recordOf, REFUSED, REFUSED_SAGA } from './records.fixture.spec.js';

/**
 * Goal: an arrow has a tick where Kafka took its message, and one where its sender committed it while the outbox still has it, each at its own time.
 * Method: the order that the carrier refuses, with rows in the orchestrator's outbox.
 */
const idOf = (number: number): string => recordOf(number).headers['ce_id'] ?? '';
const at = (ms: number): string => new Date(BEGAN + ms).toISOString();
const orchestrator = (change: Partial<ServiceEvidence>): ServiceEvidence => ({
  ...{ service: 'orchestrator', inbox: [], dropped: [], outbox: [], parked: [], rows: [], timers: [] },
  ...{ truncated: [], group: null },
  ...change,
});
/** ChargePayment is said at 28 ms, is in Kafka at 31 ms, and is answered at 180 ms. */
const CHARGE = 4;
const committed = (ms: number): Lanes =>
  lanesOf(
    REFUSED,
    [REFUSED_SAGA],
    knownOf({
      missing: [],
      services: [
        orchestrator({
          outbox: [{ id: idOf(CHARGE), topic: 'payment.commands', type: 'ChargePayment', createdAt: at(ms) }],
        }),
      ],
    }),
  );
const charge = ({ messages }: Lanes) => messages.find(({ type }) => type === 'ChargePayment');
const drawnCharge = (lanes: Lanes) => {
  const drawing = drawingOf(lanes, { foldPauses: true, showRepeated: false });
  const [arrow] = drawing.messages.find(({ message }) => message.type === 'ChargePayment')?.arrows ?? [];
  if (!arrow) throw new Error('there is no arrow');
  return { arrow, scale: drawing.scale };
};

describe('the ticks of a message', () => {
  it('without a row in an outbox there is the one of Kafka; with one, when it was committed too', () => {
    expect(charge(lanesOf(REFUSED, [REFUSED_SAGA]))?.ticks).toEqual([{ kind: 'kafka', at: BEGAN + 31 }]);
    expect(charge(committed(29))?.ticks).toEqual([
      { kind: 'committed', at: BEGAN + 29 },
      { kind: 'kafka', at: BEGAN + 31 },
    ]);
  });

  it('a database whose clock is behind commits nothing before it was said', () => {
    expect(charge(committed(-500))?.ticks[0]).toEqual({ kind: 'committed', at: BEGAN + 28 });
  });

  it('another message’s row is no tick of this one', () => {
    const others = committed(29).messages.filter(({ type }) => type !== 'ChargePayment');
    expect(others.flatMap(({ ticks }) => ticks).filter(({ kind }) => kind === 'committed')).toEqual([]);
  });

  it('as of an earlier moment a message was committed, and not in Kafka yet', () => {
    const ticksAt = (ms: number) => charge(lanesAt(committed(29), BEGAN + ms))?.ticks.map(({ kind }) => kind);
    expect([ticksAt(28), ticksAt(30), ticksAt(31)]).toEqual([[], ['committed'], ['committed', 'kafka']]);
  });
});

describe('where ticks are drawn', () => {
  it('each is on its arrow, at its time', () => {
    const { arrow, scale } = drawnCharge(committed(29));
    const line = lineOf(arrow);
    expect(arrow.ticks.map(({ kind, x, isBeyond }) => [kind, x, isBeyond])).toEqual([
      ['committed', scale.x(BEGAN + 29), false],
      ['kafka', scale.x(BEGAN + 31), false],
    ]);
    for (const { x, y } of arrow.ticks)
      expect((y - line.y1) / (line.y2 - line.y1)).toBeCloseTo((x - line.x1) / (line.x2 - line.x1));
  });

  it('a message that was in an inbox before it was in Kafka has its tick beyond the head, at its time', () => {
    const late = REFUSED.map((record, index) => (index === CHARGE - 1 ? { ...record, timestamp: at(600) } : record));
    const { arrow, scale } = drawnCharge(lanesOf(late, [REFUSED_SAGA]));
    const [tick] = arrow.ticks;
    expect(tick).toMatchObject({ kind: 'kafka', isBeyond: true, x: scale.x(BEGAN + 600), y: lineOf(arrow).y2 });
    expect(tick?.x).toBeGreaterThan(arrow.x2);
  });
});
