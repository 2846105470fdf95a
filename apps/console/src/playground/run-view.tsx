import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { announce } from '../shell/announce.js';
import { Button } from '../ui/button.js';
import { FieldErrors } from '../ui/field-errors.js';
import { Problem } from '../ui/notices.js';
import { safeText } from '../ui/safe-text.js';
import { followQuery, type Followed } from './follow.js';
import { outcomesOf, type Placed } from './outcomes.js';
import styles from './playground.module.css';

/** Many orders that were placed at once. */
export interface Run {
  readonly number: number;
  readonly title: string;
  readonly total: number;
  readonly placed: readonly Placed[];
  readonly isSending: boolean;
  /** It could not begin. */
  readonly error: Error | null;
}

const NOTHING: Followed = new Map();

/** What became of them, until each has ended. */
export function RunView({ run, stop }: { readonly run: Run; readonly stop: () => void }) {
  const { number, title, total, placed, isSending, error } = run;
  const client = useQueryClient();
  const ids = isSending ? [] : placed.flatMap((one) => ('orderId' in one ? one.orderId : []));
  const following = useQuery(followQuery(client, number, ids));
  const { accepted, refused, unanswered, ended, underWay } = outcomesOf(placed, following.data ?? NOTHING);
  const isOver = !isSending && underWay === 0;
  const summary = ended.map(({ what, count }) => `${count} ${what}`).join(', ');
  useEffect(() => {
    if (isOver && summary !== '') announce(`${title}: ${summary}.`);
  }, [isOver, title, summary]);
  return (
    <section className={styles['run']} aria-label={title} aria-busy={!isOver}>
      <h2>{title}</h2>
      <FieldErrors error={error} />
      <label className={styles['progress']}>
        {isSending ? `${placed.length} of ${total} are answered` : `${accepted - underWay} of ${accepted} have ended`}
        <progress max={isSending ? total : accepted || 1} value={isSending ? placed.length : accepted - underWay} />
      </label>
      <table>
        <caption className="unseen">What became of them</caption>
        <tbody>
          {ended.map(({ what, count }) => (
            <tr key={what}>
              <td>{count}</td>
              <th scope="row">
                <span aria-hidden="true">{what === 'CONFIRMED' ? '✓ ' : '↺ '}</span>
                {safeText(what)}
              </th>
            </tr>
          ))}
          {underWay > 0 && (
            <tr>
              <td>{underWay}</td>
              <th scope="row">
                <span aria-hidden="true">◐ </span>under way
              </th>
            </tr>
          )}
          {refused.map(({ what, count }) => (
            <tr key={what}>
              <td>{count}</td>
              <th scope="row">
                <span aria-hidden="true">✕ </span>not placed: {safeText(what)}
              </th>
            </tr>
          ))}
          {unanswered.map(({ what, count }) => (
            <tr key={what}>
              <td>{count}</td>
              <th scope="row">
                <span aria-hidden="true">? </span>may be placed: {safeText(what)}
              </th>
            </tr>
          ))}
        </tbody>
      </table>
      {following.error && <Problem error={following.error} retry={() => void following.refetch()} />}
      <p>
        {isSending ? (
          <Button onClick={stop}>Stop sending</Button>
        ) : (
          <Link to="/orders" search={{}}>
            To the orders
          </Link>
        )}
      </p>
    </section>
  );
}
