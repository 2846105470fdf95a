import type { ReactNode } from 'react';
import { Button } from '../ui/button.js';
import { copy } from '../ui/copy.js';
import { safeText } from '../ui/safe-text.js';
import { spanText } from '../ui/time-text.js';
import { Time } from '../ui/time.js';
import styles from './details.module.css';
import type { LaneMessage, Lanes } from './model.js';
import { positionText } from './position.js';
import { dropText, GLYPHS, HOW, WORDS } from './sentence.js';

interface Props {
  readonly lanes: Lanes;
  readonly message: LaneMessage | undefined;
  readonly select: (message: LaneMessage) => void;
}

/** The selected message as it lies in Kafka, what caused it and what it caused. */
export function MessageDetails({ lanes, message, select }: Props) {
  if (!message)
    return (
      <aside className={styles['details']} aria-label="Selected message" tabIndex={0}>
        <p className="muted">
          Choose a message: click one, or <kbd>→</kbd>. Its cause, what followed, its position and what it says are
          shown here.
        </p>
      </aside>
    );
  const find = (key: string | undefined): LaneMessage | undefined => lanes.messages.find((one) => one.key === key);
  const { landing, repeated, saidAt, exchange, attempt, version, commandId, meaning, from, to, undoes, cause, ticks } =
    message;
  const { headers, value, unreadable } = message.message;
  const effects = message.effects.flatMap((key) => find(key) ?? []);
  return (
    <aside className={styles['details']} aria-label="Selected message" tabIndex={0}>
      <h2>
        <span aria-hidden="true">{GLYPHS[meaning]} </span>
        {safeText(message.type)}
      </h2>
      <p className="muted">{WORDS[meaning]}</p>
      <dl>
        <Fact name="Where">
          <code>{positionText(landing)}</code>{' '}
          <Button onClick={() => void copy(positionText(landing), 'the position')}>Copy</Button>
        </Fact>
        <Fact name="From">{safeText(from)}</Fact>
        <Fact name="To">
          {to.length === 0 && 'nobody that is known'}
          {to.map(({ lane, at, how, inboxAt }) => (
            <span key={lane} className={styles['line']}>
              {safeText(lane)}, {HOW[how]}
              {how !== 'unread' && how !== 'inferred' && ` after ${spanText(Math.max(0, (inboxAt ?? at) - saidAt))}`}
            </span>
          ))}
        </Fact>
        {exchange && (
          <Fact name="Step">
            {exchange.direction === 'undo' && 'compensation of '}
            {safeText(exchange.step)} ({exchange.kind})
          </Fact>
        )}
        {attempt.of > 1 && (
          <Fact name="Sending">
            {attempt.number} of {attempt.of}: asked again with the same command id
            {lanes.messages
              .filter((one) => one.kind === 'command' && one.commandId === commandId && one !== message)
              .map((one) => (
                <Other key={one.key} message={one} select={select} />
              ))}
          </Fact>
        )}
        {version !== undefined && <Fact name="Row">version {safeText(version)}, after this</Fact>}
        <Fact name="Said">
          <Time at={saidAt} />
        </Fact>
        {ticks
          .filter(({ kind }) => kind === 'committed')
          .map(({ at }) => (
            <Fact key={at} name="Committed">
              <Time at={at} />, and still in the outbox
            </Fact>
          ))}
        <Fact name="In Kafka">
          <Time at={landing.at} /> <span className="muted">+{spanText(Math.max(0, landing.at - saidAt))}</span>
        </Fact>
        <Fact name="Because of">
          <Other message={find(cause)} select={select} missing={headers['ce_causationid'] ?? 'nothing before it'} />
        </Fact>
        <Fact name="Caused">
          {effects.length === 0 && 'nothing yet'}
          {effects.map((effect) => (
            <Other key={effect.key} message={effect} select={select} />
          ))}
        </Fact>
        {undoes !== undefined && (
          <Fact name="Takes back">
            <Other message={find(undoes)} select={select} />
          </Fact>
        )}
        {repeated.length > 0 && (
          <Fact name="Repeated">
            {repeated.map((one) => (
              <span key={one.offset} className={styles['line']}>
                <span aria-hidden="true">⊘ </span>
                <code>@{one.offset}</code> has the same id as <code>@{landing.offset}</code>, +
                {spanText(Math.max(0, one.at - landing.at))}
                {one.drops.map((drop) => (
                  <span key={drop.lane} className={styles['line']}>
                    {safeText(dropText(drop))}
                  </span>
                ))}
              </span>
            ))}
          </Fact>
        )}
        {unreadable && <Fact name="Unreadable">{safeText(unreadable.error)}</Fact>}
        <Fact name="Message id">
          <code>{safeText(headers['ce_id'] ?? 'none')}</code>
        </Fact>
        {commandId !== undefined && (
          <Fact name="Command id">
            <code>{safeText(commandId)}</code>
          </Fact>
        )}
      </dl>
      <h3>Says</h3>
      <pre tabIndex={0} role="region" aria-label="What the message says, as JSON">
        {safeText(typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? ''))}
      </pre>
      <details>
        <summary>{Object.keys(headers).length} headers</summary>
        <dl>
          {Object.entries(headers).map(([name, text]) => (
            <Fact key={name} name={safeText(name)}>
              <code>{safeText(text)}</code>
            </Fact>
          ))}
        </dl>
      </details>
    </aside>
  );
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div className={styles['fact']}>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

interface OtherProps {
  readonly message: LaneMessage | undefined;
  readonly select: (message: LaneMessage) => void;
  /** What is shown where the other message is not among those that were read. */
  readonly missing?: string;
}

function Other({ message, select, missing = '' }: OtherProps) {
  if (!message) return <span className="muted">{safeText(missing)}</span>;
  return (
    <button type="button" className={styles['other']} onClick={() => select(message)}>
      <span aria-hidden="true">{GLYPHS[message.meaning]} </span>
      {safeText(message.type)} <span className="muted">#{message.number}</span>
    </button>
  );
}
