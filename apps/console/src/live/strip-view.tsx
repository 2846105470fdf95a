import { drawnStrip, minutesOf, type Second, STRIP_SECONDS } from './strip.js';
import styles from './live.module.css';
import { Titles } from '../ui/titles.js';

const WIDTH = 900;
const HEIGHT = 64;
const COLUMN = WIDTH / STRIP_SECONDS;

/** What was placed as a line, what has ended as bars, of the last five minutes; below it the same as numbers. */
export function StripView({ strip }: { readonly strip: readonly Second[] }) {
  const { columns, highest } = drawnStrip(strip);
  const x = (ago: number): number => WIDTH - COLUMN * (ago + 1);
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
        {columns.map(({ ago, confirmed, rejected }) => (
          <g key={ago}>
            <rect
              x={x(ago)}
              y={HEIGHT * (1 - confirmed)}
              width={COLUMN}
              height={HEIGHT * confirmed}
              className={styles['confirmed']}
            />
            <rect
              x={x(ago)}
              y={HEIGHT * (1 - confirmed - rejected)}
              width={COLUMN}
              height={HEIGHT * rejected}
              fill="url(#rejected)"
            />
          </g>
        ))}
        {columns.map(({ ago, placed }) => (
          <line
            key={ago}
            x1={x(ago)}
            x2={x(ago) + COLUMN}
            y1={HEIGHT * (1 - placed) + 1}
            y2={HEIGHT * (1 - placed) + 1}
            className={styles['placedLine']}
          />
        ))}
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
}
