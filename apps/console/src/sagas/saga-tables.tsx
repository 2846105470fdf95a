import type { Saga } from '../api/types.js';
import { safeText } from '../ui/safe-text.js';
import { Time } from '../ui/time.js';
import { Titles } from '../ui/titles.js';
import { stepText } from './repair.js';
import styles from './sagas.module.css';

const time = (at: string | null) => (at === null ? '–' : <Time at={Date.parse(at)} />);

/** The journal: a line for each step, and its compensation beside it. */
export function StepsTable({ saga }: { readonly saga: Saga }) {
  return (
    <div className={styles['scroll']} tabIndex={0} role="region" aria-label="Steps">
      <table className={styles['table']}>
        <caption>Steps</caption>
        <thead>
          <tr>
            {['Step', 'Kind', 'State', 'Sent', 'Answered', 'Compensation sent', 'Answered', 'Attempts'].map(
              (title, at) => (
                <th key={at} scope="col">
                  {title}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {saga.steps.map((step) => {
            const { name, kind, sentAt, answeredAt, attempts, undo } = step;
            const isAwaited = saga.awaiting?.step === name;
            return (
              <tr key={name} className={isAwaited ? styles['changed'] : ''}>
                <th scope="row">
                  {isAwaited && <span aria-hidden="true">▸ </span>}
                  {safeText(name)}
                  {isAwaited && <span className="unseen"> (waited for)</span>}
                </th>
                <td>{kind}</td>
                <td>{safeText(stepText(step))}</td>
                <td>{time(sentAt)}</td>
                <td>{time(answeredAt)}</td>
                <td>{time(undo?.sentAt ?? null)}</td>
                <td>{time(undo?.answeredAt ?? null)}</td>
                <td>{undo ? `${attempts} + ${undo.attempts}` : attempts}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** What operators did to this saga, oldest first. */
export function OperationsTable({ saga }: { readonly saga: Saga }) {
  if (saga.operations.length === 0) return <p className="muted">No operator has acted on this saga.</p>;
  return (
    <div className={styles['scroll']} tabIndex={0} role="region" aria-label="What operators did">
      <table className={styles['table']}>
        <caption>What operators did</caption>
        <thead>
          <tr>
            <Titles of={['When', 'Who', 'Did', 'From', 'To', 'Why', 'Sent']} />
          </tr>
        </thead>
        <tbody>
          {saga.operations.map(({ at, by, action, from, to, reason, step, commandIds }) => (
            <tr key={`${at} ${action}`}>
              <td>{time(at)}</td>
              <td>{safeText(by)}</td>
              <td>
                {action} at {safeText(step)}
              </td>
              <td>{from}</td>
              <td>{to ?? 'not known'}</td>
              <td>{safeText(reason)}</td>
              <td>
                {commandIds === null
                  ? 'not known'
                  : commandIds.length === 0
                    ? 'nothing'
                    : commandIds.map((id) => <code key={id}>{id} </code>)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
