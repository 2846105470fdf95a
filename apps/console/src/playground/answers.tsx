import { Link } from '@tanstack/react-router';
import { ProblemError } from '../api/read.js';
import { Button } from '../ui/button.js';
import { copy } from '../ui/copy.js';
import { curlOf } from '../ui/curl.js';
import { FieldErrors } from '../ui/field-errors.js';
import { safeText } from '../ui/safe-text.js';
import { Time } from '../ui/time.js';
import type { Exchange } from './place.js';
import styles from './playground.module.css';

/** Each request with its answer, the latest first. */
export const Answers = ({ exchanges }: { readonly exchanges: readonly Exchange[] }) => (
  <section className={styles['answers']} aria-label="Requests and answers">
    <h2>Requests and answers</h2>
    <ol>
      {exchanges.map((exchange) => (
        <li key={exchange.number}>
          <Answer exchange={exchange} />
        </li>
      ))}
    </ol>
  </section>
);

function Answer({ exchange: { at, key, body, answer } }: { readonly exchange: Exchange }) {
  const curl = curlOf({
    method: 'POST',
    url: `${location.origin}/v1/orders`,
    headers: { 'Idempotency-Key': key },
    body,
  });
  return (
    <>
      <p>
        <Time at={at} />{' '}
        {answer instanceof ProblemError ? (
          <span className={styles['warns']}>✕ {answer.status === 0 ? 'no answer' : answer.status}</span>
        ) : (
          <>
            <strong>{answer.status}</strong>{' '}
            {answer.replayed ? (
              <span>
                <code>Idempotency-Replayed: true</code>, so it is the order that the first request has placed:
              </span>
            ) : (
              'accepted as'
            )}{' '}
            <Link to="/orders/$orderId" params={{ orderId: answer.order.id }} search={{}} className="mono">
              {answer.order.id}
            </Link>
          </>
        )}
      </p>
      {answer instanceof ProblemError && <FieldErrors error={answer} />}
      <details>
        <summary>The request as curl, and the whole answer</summary>
        <pre tabIndex={0} role="region" aria-label="The request as curl">
          {safeText(curl)}
        </pre>
        <Button onClick={() => void copy(curl, 'the request')}>Copy</Button>
        <pre tabIndex={0} role="region" aria-label="The answer">
          {safeText(answerText(answer))}
        </pre>
      </details>
    </>
  );
}

function answerText(answer: Exchange['answer']): string {
  if (answer instanceof ProblemError) return `${answer.status}\n\n${JSON.stringify(answer.problem, null, 2)}`;
  const { status, etag, replayed, order } = answer;
  const headers = [etag && `ETag: ${etag}`, replayed && 'Idempotency-Replayed: true'].filter(Boolean);
  return [String(status), ...headers, '', JSON.stringify(order, null, 2)].join('\n');
}
