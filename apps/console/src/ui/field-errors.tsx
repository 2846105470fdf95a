import { ProblemError } from '../api/read.js';
import { safeText } from './safe-text.js';
import styles from './notices.module.css';

/** What of a form was refused, and why: each field by its name, as the API has it. */
export function FieldErrors({ error }: { readonly error: Error | null }) {
  if (!error) return null;
  const { title = 'It was not done', errors = [] } = error instanceof ProblemError ? error.problem : {};
  const requestId = error instanceof ProblemError ? error.requestId : undefined;
  return (
    <div role="alert" className={styles['refused']}>
      <p>
        <span aria-hidden="true">✕ </span>
        <strong>{safeText(title)}</strong>
        {errors.length === 0 && <> {safeText(error.message)}</>}
      </p>
      {errors.length > 0 && (
        <ul>
          {errors.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              <code>{safeText(field)}</code> {safeText(message)}
            </li>
          ))}
        </ul>
      )}
      {requestId !== undefined && (
        <p className="muted">
          Request <code>{requestId}</code>
        </p>
      )}
    </div>
  );
}
