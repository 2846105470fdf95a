import type { Saga, SagaAction, SagaOperation } from '../api/types.js';
import { Button } from '../ui/button.js';
import { safeText } from '../ui/safe-text.js';
import { Status } from '../ui/status.js';
import { ACTION_KEYS, afterwards, MEANINGS, stepChanges } from './repair.js';
import { SAGA_ACTIONS } from './sagas-search.js';
import styles from './sagas.module.css';

/** The four actions: those that are legal can be tried, the others say why they are not. */
export function WhatStep({ saga, choose }: { readonly saga: Saga; readonly choose: (action: SagaAction) => void }) {
  const { legalActions, refusedActions } = saga;
  const [first] = SAGA_ACTIONS.filter((action) => legalActions.includes(action));
  return (
    <>
      {legalActions.length === 0 && <p>It has ended as {saga.state}: nothing can be done to it any more.</p>}
      <ul className={styles['choices']}>
        {SAGA_ACTIONS.map((action) => {
          const isLegal = legalActions.includes(action);
          const because = refusedActions.find((one) => one.action === action)?.because;
          return (
            <li key={action}>
              <Button
                disabled={!isLegal}
                {...(isLegal && { shortcut: ACTION_KEYS[action] })}
                data-autofocus={action === first ? true : undefined}
                onClick={() => choose(action)}
              >
                {action}
              </Button>
              <span>
                {MEANINGS[action]}
                {because !== undefined && <span className="muted"> Not now: {safeText(because)}.</span>}
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

export function DryRunView({ seen, would }: { readonly seen: Saga; readonly would: SagaOperation }) {
  const { from, to } = would.transition;
  return (
    <>
      <p>
        <strong>{would.action}</strong> takes version {seen.version} from <Status of={from} /> to <Status of={to} />.
        Nothing is done yet, and customers see nothing of this.
      </p>
      <table className={styles['table']}>
        <caption>Steps, before and after</caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {stepChanges(seen.steps, would.saga.steps).map(({ name, before, after, changed }) => (
            <tr key={name} className={changed ? styles['changed'] : ''}>
              <th scope="row">{safeText(name)}</th>
              <td>{safeText(before)}</td>
              <td>
                {changed && <span aria-hidden="true">→ </span>}
                {safeText(after)}
                {changed && <span className="unseen"> (changed)</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** What somebody, or an answer, has changed since the operator looked. */
export const Moved = ({ sentences }: { readonly sentences: readonly string[] }) => (
  <section className={styles['moved']} role="alert">
    <h3>It has moved, and nothing was done</h3>
    <ul>
      {sentences.map((sentence) => (
        <li key={sentence}>{safeText(sentence)}</li>
      ))}
    </ul>
  </section>
);

/** That it was sent; never that it is mended. */
export function Afterwards({ answer, replayed }: { readonly answer: SagaOperation; readonly replayed: boolean }) {
  const sent = answer.saga.operations.at(-1)?.commandIds ?? [];
  return (
    <div role="status" className={styles['afterwards']}>
      {replayed ? (
        <p>The first try had been done: this is the same request, and was done once.</p>
      ) : (
        <p>
          {afterwards(answer).map((sentence, index) => (
            <span key={sentence} className={index === 0 ? styles['said'] : ''}>
              {sentence}{' '}
            </span>
          ))}
        </p>
      )}
      {sent.length > 0 && (
        <p>
          Sent as{' '}
          {sent.map((id) => (
            <code key={id}>{id} </code>
          ))}
        </p>
      )}
    </div>
  );
}
