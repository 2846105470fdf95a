import type { MessagePage } from '../api/types.js';
import { spanText } from '../ui/time-text.js';
import { Button } from '../ui/button.js';
import styles from './messages.module.css';

interface Props {
  readonly pages: readonly MessagePage[];
  readonly isLooking: boolean;
  readonly goOn: (() => void) | undefined;
}

const count = (number: number): string => number.toLocaleString('en');

/** How far was looked: a filter that finds nothing has perhaps not looked far enough. Always seen. */
export function Verdict({ pages, isLooking, goOn }: Props) {
  const last = pages.at(-1);
  if (!last) return null;
  const looked = pages.reduce((sum, { scanned }) => sum + scanned.records, 0);
  const ms = pages.reduce((sum, { scanned }) => sum + scanned.ms, 0);
  const found = pages.reduce((sum, { items }) => sum + items.length, 0);
  const { complete, remaining, ranges } = last.scanned;
  const rate = ms > 0 ? `, ${count(Math.round((looked / ms) * 1_000))} a second` : '';
  return (
    <div className={styles['verdict']}>
      <p role="status">
        <strong className={complete ? styles['complete'] : styles['incomplete']}>
          <span aria-hidden="true">{complete ? '✓ ' : '◐ '}</span>
          <span>{complete ? 'complete' : 'not complete'}</span>
        </strong>
        <span className="muted">
          {' '}
          Looked at {count(looked)} of {count(looked + remaining)} records in {ranges.length}{' '}
          {ranges.length === 1 ? 'partition' : 'partitions'}: {count(found)} {found === 1 ? 'fits' : 'fit'}.{' '}
          {spanText(ms)}
          {rate}
        </span>
      </p>
      <progress
        className={styles['progress']}
        aria-label="Looked at"
        max={Math.max(1, looked + remaining)}
        value={complete ? Math.max(1, looked + remaining) : looked}
      />
      {goOn && (
        <Button onClick={goOn} disabled={isLooking}>
          {isLooking ? 'Looking' : 'Go on'}
        </Button>
      )}
    </div>
  );
}
