import type { Fault } from '../api/types.js';
import { drawnStrip, type Second } from '../live/strip.js';
import { Time } from '../ui/time.js';
import { Scroller } from '../ui/scroller.js';
import { Titles } from '../ui/titles.js';
import { AXIS_MS, barsOf, type Examination, placeOf, rowsOf } from './axis.js';
import styles from './lab.module.css';

const WIDTH = 1000;
const LINE = 18;
const STRIP = 64;
const TICKS = 20;
const GAP = 6;
const SECOND = WIDTH / (AXIS_MS / 1_000);

interface Props {
  readonly faults: readonly Fault[];
  readonly strip: readonly Second[];
  readonly examinations: readonly Examination[];
  /** The right end, in ms since 1970. */
  readonly now: number;
}

/** What was done, what came of it and whether all held, one above the other on one axis of time; below it the same as a table. */
export function AxisView({ faults, strip, examinations, now }: Props) {
  const bars = barsOf(faults, now);
  const lines = Math.max(1, ...bars.map(({ line }) => line + 1));
  const [top, bottom] = [lines * LINE + GAP, lines * LINE + GAP + STRIP];
  const seen = strip.filter(({ second }) => second * 1_000 > now - AXIS_MS);
  const { columns, highest } = drawnStrip(seen);
  const lastAt = (seen.at(-1)?.second ?? 0) * 1_000;
  const x = (ago: number): number => placeOf(lastAt - ago * 1_000, now) * WIDTH - SECOND;
  return (
    <figure className={styles['axis']} aria-labelledby="axis-title">
      <figcaption id="axis-title">
        Two minutes: faults, then orders to {highest} a second (<span className={styles['placedKey']}>━ placed</span>{' '}
        <span className={styles['endedKey']}>■ ended</span>), then whether all invariants held (✓ or ⬣)
      </figcaption>
      <div className={styles['drawn']} tabIndex={0} role="region" aria-label="The axis, drawn">
        <svg viewBox={`0 0 ${WIDTH} ${bottom + TICKS}`} aria-hidden="true">
          {bars.map(({ fault, line, from, to }) => (
            <g key={fault.id}>
              <rect
                x={from * WIDTH}
                y={line * LINE + 1}
                width={Math.max(2, (to - from) * WIDTH)}
                height={LINE - 4}
                className={fault.state === 'over' ? styles['barOver'] : styles['bar']}
              />
              <text
                x={from > 0.85 ? to * WIDTH : from * WIDTH + 4}
                y={line * LINE + 12}
                textAnchor={from > 0.85 ? 'end' : 'start'}
              >
                {fault.kind} {fault.target.service}
              </text>
            </g>
          ))}
          <line x1={0} x2={WIDTH} y1={bottom} y2={bottom} className={styles['ground']} />
          {columns.map(({ ago, placed, confirmed, rejected }) => (
            <g key={ago}>
              <rect
                x={x(ago)}
                y={top + STRIP * (1 - confirmed - rejected)}
                width={SECOND}
                height={STRIP * (confirmed + rejected)}
                className={styles['ended']}
              />
              <line
                x1={x(ago)}
                x2={x(ago) + SECOND}
                y1={top + STRIP * (1 - placed) + 1}
                y2={top + STRIP * (1 - placed) + 1}
                className={styles['placedLine']}
              />
            </g>
          ))}
          {examinations
            .filter(({ at }) => at > now - AXIS_MS)
            .map(({ at, found }) => (
              <text
                key={at}
                x={placeOf(at, now) * WIDTH}
                y={bottom + 15}
                textAnchor="middle"
                className={found === 0 ? styles['holds'] : styles['violated']}
              >
                {found === 0 ? '✓' : '⬣'}
              </text>
            ))}
        </svg>
      </div>
      <details>
        <summary>The same as a table</summary>
        <AxisTable faults={faults} strip={strip} examinations={examinations} now={now} />
      </details>
    </figure>
  );
}

function AxisTable({ faults, strip, examinations, now }: Props) {
  return (
    <Scroller label="The axis as a table" className={styles['scroller']}>
      <table>
        <thead>
          <tr>
            <Titles of={['From', 'Faults', 'Placed', 'Ended', 'Invariants']} />
          </tr>
        </thead>
        <tbody>
          {rowsOf(faults, strip, examinations, now).map(
            ({ at, faults: on, placed, ended, examinations: looks, found }) => (
              <tr key={at}>
                <th scope="row">
                  <Time at={at} />
                </th>
                <td>{on.length === 0 ? '–' : on.join('; ')}</td>
                <td>{placed ?? '–'}</td>
                <td>{ended ?? '–'}</td>
                <td>{looks === 0 ? '–' : found === 0 ? `✓ all held, ${looks} looks` : `⬣ ${found} violated`}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </Scroller>
  );
}
