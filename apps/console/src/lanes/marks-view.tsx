import type { ReactNode } from 'react';
import { safeText } from '../ui/safe-text.js';
import type { Drawing } from './drawing.js';
import styles from './lanes.module.css';
import type { Mark } from './marks.js';

/** What was accepted as a ring, timers as hollow clocks that are filled once they have fired, operators' actions as flags, what waits in an outbox as hollow diamonds. Each says itself. */
export const Marks = ({ marks }: Pick<Drawing, 'marks'>) =>
  marks.map(({ mark, x, y }) => (
    <g
      key={mark.key}
      role="img"
      aria-label={safeText(mark.sentence)}
      transform={`translate(${x} ${y})`}
      className={`${styles['mark']} ${styles[mark.kind] ?? ''}`}
    >
      <title>{safeText(mark.sentence)}</title>
      {SHAPES[mark.kind]}
      <text x={9} y={mark.kind === 'accepted' ? 4 : 26}>
        {safeText(mark.label)}
      </text>
    </g>
  ));

const SHAPES: Readonly<Record<Mark['kind'], ReactNode>> = {
  accepted: <circle r={5} />,
  timer: (
    <>
      <circle cy={22} r={6} />
      <path d="M0 18.5 v3.5 h3" />
    </>
  ),
  fired: (
    <>
      <circle cy={22} r={6} className={styles['filled']} />
      <path d="M0 18.5 v3.5 h3" className={styles['hand']} />
    </>
  ),
  operator: (
    <>
      <path d="M0 0 v27" />
      <path d="M0 18 h10 l-3 3 3 3 h-10 z" className={styles['cloth']} />
    </>
  ),
  unsent: <path d="M0 -6 l6 6 l-6 6 l-6 -6 z" strokeDasharray="2 2" />,
};
