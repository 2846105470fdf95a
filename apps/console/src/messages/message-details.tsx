import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { LogMessage } from '../api/types.js';
import { positionText, selectionOf } from '../lanes/position.js';
import { isUuid } from '../orders/orders-search.js';
import { Button } from '../ui/button.js';
import { copy } from '../ui/copy.js';
import { safeText } from '../ui/safe-text.js';
import { Ago, Time } from '../ui/time.js';
import { DeliveredTo } from './delivered-to.js';
import { typeText } from './message-text.js';
import { causeQuery, effectsQuery } from './messages-queries.js';
import { ValueView } from './value-view.js';
import styles from './message.module.css';

/** A record as it lies in Kafka: what it says, what caused it, what it caused, and who has read it. */
export function MessageDetails({ message }: { readonly message: LogMessage }) {
  const { headers, key, timestamp, unreadable } = message;
  const at = Date.parse(timestamp);
  const link = new URL(permalinkOf(message), location.origin).href;
  return (
    <>
      <h2>{safeText(typeText(message))}</h2>
      <dl>
        <Fact name="Where">
          <Link {...pageOf(message)} className="mono">
            {positionText(message)}
          </Link>{' '}
          <Button onClick={() => void copy(link, 'the link to the message')}>Copy link</Button>
        </Fact>
        <Fact name="In Kafka">
          <Time at={at} />{' '}
          <span className="muted">
            <Ago at={at} />
          </span>
        </Fact>
        <Fact name="Key">
          {key === null ? (
            'none'
          ) : (
            <>
              <code>{safeText(key)}</code>
              <span className={styles['links']}>
                {isUuid(key) && (
                  <Link to="/orders/$orderId" params={{ orderId: key }} search={{ sel: selectionOf(message) }}>
                    its order
                  </Link>
                )}
                <Link to="/messages" search={{ key }}>
                  all of this key
                </Link>
              </span>
            </>
          )}
        </Fact>
        {unreadable && <Fact name="Unreadable">{safeText(unreadable.error)}</Fact>}
        <Fact name="Around">
          <Link to="/messages" search={{ from: `time:${timestamp}`, direction: 'forward' }}>
            what came next
          </Link>{' '}
          <Link to="/messages" search={{ from: `time:${timestamp}`, direction: 'backward' }}>
            what came before
          </Link>
        </Fact>
        <Causes message={message} />
        <DeliveredTo message={message} />
      </dl>
      <ValueView message={message} />
      <details open={Object.keys(headers).length > 0}>
        <summary>
          {Object.keys(headers).length} {Object.keys(headers).length === 1 ? 'header' : 'headers'}
        </summary>
        <dl>
          {Object.entries(headers).map(([name, text]) => (
            <Fact key={name} name={safeText(name)}>
              <code>{safeText(text)}</code>
            </Fact>
          ))}
        </dl>
      </details>
    </>
  );
}

/** What caused a message, and what it has caused: found by the ids that messages carry, among those of its key. */
function Causes({ message }: { readonly message: LogMessage }) {
  const cause = useQuery(causeQuery(message));
  const effects = useQuery(effectsQuery(message));
  const causation = message.headers['ce_causationid'];
  const hasId = message.headers['ce_id'] !== undefined;
  return (
    <>
      <Fact name="Because of">
        {causation === undefined && 'nothing that it names'}
        {causation !== undefined && cause.isLoading && <span className="muted">looking</span>}
        {cause.error && <span className="muted">not known: {safeText(cause.error.message)}</span>}
        {cause.data && <Other message={cause.data} />}
        {causation !== undefined && !cause.isLoading && !cause.error && !cause.data && (
          <span>
            <code>{safeText(causation)}</code>, which is not found among the messages of this key
          </span>
        )}
      </Fact>
      <Fact name="Caused">
        {!hasId && 'not known: it has no id'}
        {hasId && effects.isLoading && <span className="muted">looking</span>}
        {effects.error && <span className="muted">not known: {safeText(effects.error.message)}</span>}
        {effects.data?.length === 0 && 'nothing so far'}
        {effects.data?.map((one) => (
          <Other key={positionText(one)} message={one} />
        ))}
      </Fact>
    </>
  );
}

const Other = ({ message }: { readonly message: LogMessage }) => (
  <Link {...pageOf(message)} className={styles['line']}>
    {safeText(typeText(message))} <code>{positionText(message)}</code>
  </Link>
);

const pageOf = ({ topic, partition, offset }: LogMessage) => ({
  to: '/messages/$topic/$partition/$offset' as const,
  params: { topic, partition: String(partition), offset },
  search: {},
});

export const permalinkOf = ({ topic, partition, offset }: Pick<LogMessage, 'topic' | 'partition' | 'offset'>): string =>
  `/messages/${encodeURIComponent(topic)}/${partition}/${offset}`;

export const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div className={styles['fact']}>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
