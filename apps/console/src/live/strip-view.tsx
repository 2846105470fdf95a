import { memo } from 'react';
import { type Column, drawnStrip, minutesOf, type Second, STRIP_SECONDS } from './strip.js';
import styles from './live.module.css';
import { Titles } from '../ui/titles.js';

const WIDTH = 900;
const HEIGHT = 64;
const COLUMN = WIDTH / STRIP_SECONDS;

/** What was placed as a line, what has ended as bars, of the last five minutes; below it the same as numbers. */
export const StripView = memo(function StripView({ strip }: { readonly strip: readonly Second[] }) {
  const { columns, highest } = drawnStrip(strip);
  const drawn = pathsOf(columns);
  const minutes = minutesOf(strip);
  return (
    <figure className={styles['strip']} aria-labelledby="strip-title">
      <figcaption id="strip-title">
        Five minutes, to {highest} a second: <span className={styles['placedKey']}>━ placed</span>{' '}
        <span className={styles['confirmedKey']}>■ confirmed</span>{' '}
        <span className={styles['rejectedKey']}>▨ rejected</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <defs>
          <pattern id="rejected" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2="4" className={styles['rejectedHatch']} />
          </pattern>
        </defs>
        <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className={styles['ground']} />
        <path d={drawn.confirmed} className={styles['confirmed']} />
        <path d={drawn.rejected} fill="url(#rejected)" />
        <path d={drawn.placed} className={styles['placedLine']} />
      </svg>
      <details>
        <summary>The same as numbers</summary>
        <table>
          <thead>
            <tr>
              <Titles of={['Minutes ago', 'Seconds known', 'Placed', 'Confirmed', 'Rejected']} />
            </tr>
          </thead>
          <tbody>
            {minutes.map(({ ago, seconds, placed, confirmed, rejected }) => (
              <tr key={ago}>
                <th scope="row">{ago}</th>
                <td>{seconds}</td>
                <td>{placed}</td>
                <td>{confirmed}</td>
                <td>{rejected}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
});

/** Three shapes instead of one for each second: nine hundred would be moved each second. */
function pathsOf(columns: readonly Column[]) {
  const x = (ago: number): number => WIDTH - COLUMN * (ago + 1);
  const bar = (ago: number, from: number, share: number): string =>
    share > 0 ? `M${x(ago)} ${HEIGHT * (1 - from)}h${COLUMN}v${-HEIGHT * share}h${-COLUMN}z` : '';
  return {
    confirmed: columns.map(({ ago, confirmed }) => bar(ago, 0, confirmed)).join(''),
    rejected: columns.map(({ ago, confirmed, rejected }) => bar(ago, confirmed, rejected)).join(''),
    placed: columns.map(({ ago, placed }) => `M${x(ago)} ${HEIGHT * (1 - placed) + 1}h${COLUMN}`).join(''),
  };
}
