import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ParkedSummary, SettleAction } from '../api/types.js';
import { isUuid } from '../orders/orders-search.js';
import { Button } from '../ui/button.js';
import { Problem, Skeleton } from '../ui/notices.js';
import { safeText } from '../ui/safe-text.js';
import styles from './parked.module.css';
import { heldQuery, parkedMessageQuery } from './queries.js';
import { SETTLE_ACTIONS } from './parked-search.js';
import { ACTION_KEYS, refusalOf } from './settle.js';

/** Of the text of a message so much is shown: it need be no JSON. */
const SHOWN_CHARACTERS = 4_096;

interface Props {
  readonly message: ParkedSummary;
  readonly act: (action: SettleAction) => void;
}

/** The message whole, what is held behind it, and what can be done. */
export function MessageDetails({ message, act }: Props) {
  const { id, key, error, state } = message;
  return (
    <div className={styles['details']}>
      <p>{safeText(error)}</p>
      <dl>
        <dt>Message</dt>
        <dd className="mono">{id}</dd>
        <dt>Key</dt>
        <dd className="mono">
          {isUuid(key) ? (
            <Link to="/orders/$orderId" params={{ orderId: key }} search={{}}>
              {key}
            </Link>
          ) : (
            safeText(key) || 'none: it holds no other message'
          )}
        </dd>
        <dt>Version</dt>
        <dd>{message.version}</dd>
      </dl>
      <Content message={message} />
      {state === 'poisoned' && <Behind message={message} />}
      <div className={styles['actions']}>
        {SETTLE_ACTIONS.map((action) => {
          const refusal = refusalOf(action, message);
          return (
            <Button
              key={action}
              disabled={refusal !== undefined}
              title={refusal}
              {...(refusal === undefined && { shortcut: ACTION_KEYS[action] })}
              onClick={() => act(action)}
            >
              Dry run: {action}
            </Button>
          );
        })}
        {refusalOf('replay', message) !== undefined && (
          <p className="muted">
            {refusalOf('discard', message) === undefined ? 'No replay: ' : 'Nothing can be done to it: '}
            {refusalOf('replay', message)}.
          </p>
        )}
      </div>
    </div>
  );
}

/** What it says, and its headers: not in the list, which would have 256 KB for each. */
function Content({ message }: Pick<Props, 'message'>) {
  const whole = useQuery(parkedMessageQuery(message));
  const { cut, sizeBytes } = message;
  if (whole.error) return <Problem error={whole.error} retry={() => void whole.refetch()} />;
  if (!whole.data) return <Skeleton rows={2} />;
  const { value, headers } = whole.data;
  const names = Object.keys(headers);
  return (
    <>
      <details>
        <summary>What it says{sizeBytes === null ? '' : `, ${sizeBytes} bytes`}</summary>
        <pre tabIndex={0} role="region" aria-label="What the message says, as it came">
          {value === null ? '(no value)' : safeText(value.slice(0, SHOWN_CHARACTERS))}
          {value !== null && value.length > SHOWN_CHARACTERS && ' …'}
        </pre>
        {cut && <p>It is not kept whole.</p>}
      </details>
      <details>
        <summary>{names.length} headers</summary>
        <dl>
          {names.map((name) => (
            <div key={name} className={styles['pair']}>
              <dt>{safeText(name)}</dt>
              <dd className="mono">{safeText(headers[name] ?? '')}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}

/** What waits behind a poisoned message, in the order in which it will be handled. */
function Behind({ message }: { readonly message: ParkedSummary }) {
  const held = useQuery({ ...heldQuery(message), enabled: message.held > 0 });
  if (message.held === 0) return <p className="muted">Nothing waits behind it.</p>;
  const behind = (held.data?.items ?? []).filter((one) => one.behind === message.id);
  return (
    <section aria-label={`Held behind ${message.type ?? 'the message'}`}>
      <h3>
        Held behind it, in this order: {message.held === 1_000 ? '1,000 or more' : message.held.toLocaleString('en')}
      </h3>
      {held.error && <Problem error={held.error} retry={() => void held.refetch()} />}
      <ol className={styles['behind']}>
        {behind.map(({ id, type, topic, partition, offset }) => (
          <li key={id}>
            {safeText(type ?? 'no type')} <code>{`${safeText(topic)}/${partition}@${offset}`}</code>
          </li>
        ))}
      </ol>
      {behind.length > 0 && behind.length < message.held && (
        <p className="muted">The first {behind.length} are shown.</p>
      )}
    </section>
  );
}
