import { type ReactNode, useEffect, useState } from 'react';
import { ProblemError, showToken } from '../api/read.js';
import { Button } from './button.js';
import styles from './notices.module.css';
import { safeText } from './safe-text.js';

/** Nothing is there: says why, and the one thing that changes it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <section className={styles['notice']}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** What went wrong, by whom it is found in the logs, and the next step. */
export function Problem({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  const { problem, requestId, status } =
    error instanceof ProblemError
      ? error
      : { problem: { title: 'The page failed', detail: error.message }, requestId: undefined, status: -1 };
  return (
    <section className={`${styles['notice']} ${styles['problem']}`} role="alert">
      <h2>
        <span aria-hidden="true">⬣ </span>
        {safeText(problem.title)}
      </h2>
      {problem.detail !== undefined && <p>{safeText(problem.detail)}</p>}
      {requestId !== undefined && (
        <p className="muted">
          Request <code>{requestId}</code>: the gateway’s log has it.
        </p>
      )}
      {status === 401 ? <TokenForm retry={retry} /> : <Button onClick={retry}>Try again</Button>}
    </section>
  );
}

/** Kept in memory, not in the browser's storage: a script of nobody else runs here, and none should find it there. */
export function TokenForm({ retry }: { readonly retry: () => void }) {
  const [token, setToken] = useState('');
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        showToken(token.trim() || undefined);
        retry();
      }}
    >
      <label>
        Operator’s token
        <input type="password" autoComplete="off" value={token} onChange={({ target }) => setToken(target.value)} />
      </label>
      <Button type="submit">Show it</Button>
      <p className="muted">
        It is <code>OPERATOR_TOKEN</code> of the gateway, and is forgotten when this page is closed.
      </p>
    </form>
  );
}

const SHOWN_AFTER_MS = 150;

/** Lines where rows will be; not before 150 ms, as what comes at once needs no announcement. */
export function Skeleton({ rows = 8 }: { readonly rows?: number }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isShown) return null;
  return (
    <div className={styles['skeleton']} role="status">
      <span className="unseen">Loading</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} />
      ))}
    </div>
  );
}

/** What is shown is not all, or not new: said above it, not instead of it. */
export function Banner({ children }: { readonly children: ReactNode }) {
  return (
    <p className={styles['banner']} role="status">
      <span aria-hidden="true">⊘ </span>
      {children}
    </p>
  );
}
