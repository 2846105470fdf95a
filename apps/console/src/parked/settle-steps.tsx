import type { ReactNode } from 'react';
import type { DecidedMessage, DecidedRow, ParkedOperation, ReleasedMessage } from '../api/types.js';
import { Button } from '../ui/button.js';
import { safeText } from '../ui/safe-text.js';
import { Status } from '../ui/status.js';
import type { Tried } from './in-turn.js';
import styles from './parked.module.css';
import { movedOnBy, movedSentences, outcomeSentence, stateText } from './settle.js';

/** What the action would do to each. */
export function DryRunList({
  tried,
  lookAnew,
}: {
  readonly tried: readonly Tried[];
  readonly lookAnew: (one: Tried) => void;
}) {
  return (
    <ul className={styles['answers']}>
      {tried.map((one) => (
        <Answer key={one.message.id} tried={one}>
          {one.answer && <Would answer={one.answer} />}
          {one.error && <Refused tried={one} lookAnew={() => lookAnew(one)} />}
        </Answer>
      ))}
    </ul>
  );
}

/** What became of each. */
export function DoneList({ tried }: { readonly tried: readonly Tried[] }) {
  return (
    <ul className={styles['answers']} role="status">
      {tried.map((one) => (
        <Answer key={one.message.id} tried={one}>
          {one.answer && (
            <>
              <p>
                <Status of={one.answer.state} /> {safeText(outcomeSentence(one.answer))}
                {one.replayed === true && ' The first try had been done: this is the same request, and was done once.'}
              </p>
              <Released messages={one.answer.wouldRelease} title="What waited behind it follows, in this order" />
            </>
          )}
          {one.error && <Refused tried={one} />}
        </Answer>
      ))}
    </ul>
  );
}

const Answer = ({ tried: { message }, children }: { readonly tried: Tried; readonly children: ReactNode }) => (
  <li>
    <h3>
      {safeText(message.type ?? 'no type')} <code>{message.id}</code>
    </h3>
    <p className="muted">
      {message.service}, version {message.version}, key <code>{safeText(message.key) || 'none'}</code>
    </p>
    {children}
  </li>
);

function Would({ answer }: { readonly answer: ParkedOperation }) {
  const { state, decision, wouldRelease, failure } = answer;
  return (
    <>
      <p role={failure ? 'alert' : undefined}>
        <Status of={state} /> {safeText(outcomeSentence(answer))}
      </p>
      {decision && (
        <>
          <Rows rows={decision.rows} />
          <Messages messages={decision.messages} />
          {decision.effects.length > 0 && (
            <p>
              Then, in the service itself: <code>{decision.effects.map(safeText).join(', ')}</code>
            </p>
          )}
          {decision.truncated && <p>And more: 100 rows and messages are shown.</p>}
        </>
      )}
      <Released messages={wouldRelease} title="Behind it would follow, in this order" />
    </>
  );
}

function Rows({ rows }: { readonly rows: readonly DecidedRow[] }) {
  if (rows.length === 0) return <p>No row would change.</p>;
  return (
    <div className={styles['wide']} tabIndex={0} role="region" aria-label="Rows that would change">
      <table className={styles['table']}>
        <caption>Rows that would change</caption>
        <thead>
          <tr>
            <th scope="col">Row</th>
            <th scope="col">Now</th>
            <th scope="col">Then</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ table, key, from, to }) => (
            <tr key={`${table} ${key}`}>
              <th scope="row">
                {safeText(table)} <code>{safeText(key)}</code>
              </th>
              <td>{safeText(stateText(from))}</td>
              <td>
                <span aria-hidden="true">→ </span>
                {safeText(stateText(to))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Messages({ messages }: { readonly messages: readonly DecidedMessage[] }) {
  if (messages.length === 0) return <p>No message would be sent.</p>;
  return (
    <ul className={styles['sent']}>
      {messages.map(({ type, topic, key, data }, at) => (
        <li key={`${type} ${key} ${at}`}>
          <p>
            Sends <strong>{safeText(type)}</strong> to <code>{safeText(topic)}</code>
          </p>
          <pre tabIndex={0} role="region" aria-label={`What ${safeText(type)} says`}>
            {data === null ? '(too large to be shown)' : safeText(JSON.stringify(data, null, 2))}
          </pre>
        </li>
      ))}
    </ul>
  );
}

function Released({ messages, title }: { readonly messages: readonly ReleasedMessage[]; readonly title: string }) {
  if (messages.length === 0) return null;
  return (
    <>
      <h4>{title}</h4>
      <ol className={styles['behind']}>
        {messages.map(({ id, type, topic, partition, offset }) => (
          <li key={id}>
            {safeText(type ?? 'no type')} <code>{`${safeText(topic)}/${partition}@${offset}`}</code>
          </li>
        ))}
      </ol>
    </>
  );
}

function Refused({ tried, lookAnew }: { readonly tried: Tried; readonly lookAnew?: () => void }) {
  const { message, error } = tried;
  const moved = movedOnBy(error);
  if (moved)
    return (
      <>
        <Moved sentences={movedSentences(message, moved)} />
        {lookAnew && moved.current?.state === 'poisoned' && <Button onClick={lookAnew}>Dry run anew</Button>}
      </>
    );
  const isUnsure = error !== undefined && (error.status === 0 || error.status >= 500);
  return (
    <div role="alert" className={styles['refused']}>
      <p>
        <span aria-hidden="true">⬣ </span>
        {safeText(error?.problem.title ?? '')}
      </p>
      <p>{safeText(error?.message ?? '')}</p>
      <p>
        {isUnsure
          ? 'Whether it was done is not known. To ask the same again is safe: it is done once.'
          : 'Nothing was done.'}
      </p>
    </div>
  );
}

/** What somebody has changed since the operator looked. */
export const Moved = ({ sentences }: { readonly sentences: readonly string[] }) => (
  <section className={styles['refused']} role="alert">
    <h4>It has moved, and nothing was done</h4>
    <ul>
      {sentences.map((sentence) => (
        <li key={sentence}>{safeText(sentence)}</li>
      ))}
    </ul>
  </section>
);
