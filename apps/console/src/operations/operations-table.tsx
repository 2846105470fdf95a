import { Link } from '@tanstack/react-router';
import type { OperatorOperation } from '../api/types.js';
import { placeOf } from '../parked/parked-search.js';
import { safeText } from '../ui/safe-text.js';
import { Status } from '../ui/status.js';
import { Ago, Time } from '../ui/time.js';
import { Titles } from '../ui/titles.js';
import styles from './operations.module.css';

const COLUMNS = ['When', 'Who', 'Did', 'To', 'From → to', 'Why', 'Sent', 'Order'] as const;

export const OperationsTable = ({ operations }: { readonly operations: readonly OperatorOperation[] }) => (
  <table className={styles['table']}>
    <caption className="unseen">Operations, newest first</caption>
    <thead>
      <tr>
        <Titles of={COLUMNS} />
      </tr>
    </thead>
    <tbody>
      {operations.map((operation) => (
        <Row key={operation.id} operation={operation} />
      ))}
    </tbody>
  </table>
);

function Row({ operation }: { readonly operation: OperatorOperation }) {
  const { at, by, action, reason, target, from, to, step, direction, commandIds, requestId } = operation;
  return (
    <tr>
      <td className={styles['when']}>
        <Time at={Date.parse(at)} />
        <br />
        <span className="muted">
          <Ago at={Date.parse(at)} />
        </span>
      </td>
      <td>
        <Link to="/operations" search={{ by }}>
          {safeText(by)}
        </Link>
      </td>
      <td>
        {action}
        {step !== null && (
          <span className="muted">
            {' '}
            at {direction === 'undo' ? 'the compensation of ' : ''}
            {safeText(step)}
          </span>
        )}
      </td>
      <td>
        <Target operation={operation} />
      </td>
      <td className={styles['states']}>
        <Status of={from} /> → {to === null ? 'not known' : <Status of={to} />}
      </td>
      <td className={styles['why']}>
        {safeText(reason)}
        {requestId !== null && (
          <details>
            <summary>Request</summary>
            <code>{safeText(requestId)}</code>
          </details>
        )}
      </td>
      <td className={styles['sent']}>
        {commandIds === null
          ? 'not known'
          : commandIds.length === 0
            ? 'nothing'
            : commandIds.map((id) => <code key={id}>{safeText(id)}</code>)}
      </td>
      <td>
        {target.orderId !== null && (
          <Link to="/orders/$orderId" params={{ orderId: target.orderId }} search={{}} className="mono">
            …{target.orderId.slice(-8)}
          </Link>
        )}
      </td>
    </tr>
  );
}

function Target({ operation: { target, to } }: { readonly operation: OperatorOperation }) {
  const { kind, id, service } = target;
  if (kind === 'saga')
    return (
      <>
        saga{' '}
        <Link to="/sagas/$sagaId" params={{ sagaId: id }} search={{}} className="mono">
          …{id.slice(-8)}
        </Link>
      </>
    );
  return (
    <>
      message{' '}
      <Link to="/parked" search={placeOf({ id, service, state: to })} className="mono">
        …{id.slice(-8)}
      </Link>{' '}
      parked at {service}
    </>
  );
}
