import { Link } from '@tanstack/react-router';
import { ProblemError } from '../api/read.js';
import { Problem } from '../ui/notices.js';
import styles from './messages.module.css';

/** Kafka being away takes this page along, and few others. */
export function KafkaProblem({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  const isAway = error instanceof ProblemError && error.status === 503;
  return (
    <>
      <Problem error={asWritten(error)} retry={retry} />
      {isAway && (
        <p className={styles['pad']}>
          What still works:{' '}
          <Link to="/orders" search={{}}>
            orders
          </Link>{' '}
          and all that is in the databases. Orders are accepted, and go on when Kafka is back.{' '}
          <code>npx backstep doctor</code> says what is in the way.
        </p>
      )}
    </>
  );
}

/** A filter that the API refuses is named by its field. */
function asWritten(error: Error): Error {
  if (!(error instanceof ProblemError) || error.status !== 400) return error;
  const fields = (error.problem.errors ?? []).map(({ field, message }) => `${field} ${message}`);
  return new ProblemError(
    400,
    { ...error.problem, title: 'This cannot be looked for', detail: fields.join('; ') },
    error.requestId,
  );
}
