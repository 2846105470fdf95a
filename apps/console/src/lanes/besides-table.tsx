import { safeText } from '../ui/safe-text.js';
import { Time } from '../ui/time.js';
import { Titles } from '../ui/titles.js';
import type { Mark } from './marks.js';
import type { Lanes } from './model.js';
import styles from './table.module.css';

const WHAT: Readonly<Record<Mark['kind'], string>> = {
  accepted: '○ accepted',
  timer: '◷ timer',
  fired: '◉ timer fired',
  operator: '⚑ operator',
  unsent: '◇ not in Kafka yet',
};

/** The twin of what stands beside messages in the lanes. */
export function BesidesTable({ lanes: { marks, pivots } }: { readonly lanes: Lanes }) {
  const rows = [
    ...marks.map(({ key, at, lane, kind, sentence }) => ({ key, at, lane, what: WHAT[kind], says: sentence })),
    ...pivots.map(({ sagaId, step, at }) => ({
      ...{ key: `pivot ${sagaId} ${step}`, at, lane: 'orchestrator', what: '┊ pivot' },
      says: `No way back from here: ${step} is done`,
    })),
  ].sort((a, b) => a.at - b.at);
  if (rows.length === 0) return null;
  return (
    <table className={`${styles['table']} ${styles['besides']}`} aria-label="Beside the messages">
      <thead>
        <tr>
          <Titles of={['At', 'What', 'Lane', 'Says']} />
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, at, lane, what, says }) => (
          <tr key={key}>
            <td>
              <Time at={at} />
            </td>
            <td>{what}</td>
            <td>{safeText(lane)}</td>
            <td className={styles['says']}>{safeText(says)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
