import { useEffect, useRef } from 'react';
import type { ParkedSummary, SettleAction } from '../api/types.js';
import { useIsBeside } from '../shell/use-inspector.js';
import { safeText } from '../ui/safe-text.js';
import { Status } from '../ui/status.js';
import { Ago, Time } from '../ui/time.js';
import { MessageDetails } from './parked-message.js';
import styles from './parked.module.css';
import { type CauseGroup, meaningOf, refusalOf } from './settle.js';

interface Props {
  readonly groups: readonly CauseGroup[];
  readonly selected: string | undefined;
  readonly chosen: ReadonlySet<string>;
  readonly select: (id: string | undefined) => void;
  readonly choose: (ids: readonly string[], isChosen: boolean) => void;
  readonly act: (action: SettleAction, message: ParkedSummary) => void;
}

/** What is parked, by cause: many messages of one cause are one thing to mend. */
export const ParkedGroups = (props: Props) => (
  <>
    {props.groups.map((group) => (
      <Group key={group.cause} {...props} group={group} />
    ))}
  </>
);

function Group({ group, ...props }: Props & { readonly group: CauseGroup }) {
  const { cause, messages } = group;
  const { chosen, choose, selected, select, act } = props;
  const able = messages.filter((message) => refusalOf('discard', message) === undefined).map(({ id }) => id);
  const areAll = able.length > 0 && able.every((id) => chosen.has(id));
  return (
    <section className={styles['group']} aria-label={`Cause ${safeText(cause)}`}>
      <h2>
        <code>{safeText(cause)}</code> <span className="muted">{messages.length.toLocaleString('en')}</span>
      </h2>
      <p className="muted">{meaningOf(cause)}</p>
      <div className={styles['wide']} tabIndex={0} role="region" aria-label={`Messages parked as ${safeText(cause)}`}>
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">
                <input
                  type="checkbox"
                  aria-label={`Choose all of ${safeText(cause)}`}
                  disabled={able.length === 0}
                  checked={areAll}
                  onChange={() => choose(able, !areAll)}
                />
              </th>
              <th scope="col">Message</th>
              <th scope="col">State</th>
              <th scope="col">Service</th>
              <th scope="col">In Kafka</th>
              <th scope="col" className={styles['number']}>
                Held behind
              </th>
              <th scope="col" className={styles['number']}>
                Tries
              </th>
              <th scope="col">Parked</th>
            </tr>
          </thead>
          <tbody>
            {messages.map((message) => (
              <Row
                key={`${message.service} ${message.id}`}
                message={message}
                isSelected={message.id === selected}
                isChosen={chosen.has(message.id)}
                select={select}
                choose={choose}
                act={(action) => act(action, message)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface RowProps {
  readonly message: ParkedSummary;
  readonly isSelected: boolean;
  readonly isChosen: boolean;
  readonly select: Props['select'];
  readonly choose: Props['choose'];
  readonly act: (action: SettleAction) => void;
}

const COLUMNS = 8;

function Row({ message, isSelected, isChosen, select, choose, act }: RowProps) {
  const { id, type, state, service, topic, partition, offset, held, attempts, parkedAt } = message;
  const at = Date.parse(parkedAt);
  // The inspector has them then.
  const isBeside = useIsBeside();
  const isOpen = isSelected && !isBeside;
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isSelected) return;
    opener.current?.scrollIntoView({ block: 'nearest' });
    if (document.activeElement?.closest('table')) opener.current?.focus({ preventScroll: true });
  }, [isSelected]);
  return (
    <>
      <tr className={isSelected ? styles['selected'] : ''}>
        <td>
          <input
            type="checkbox"
            aria-label={`Choose ${safeText(type ?? 'message')} ${id}`}
            disabled={refusalOf('discard', message) !== undefined}
            checked={isChosen}
            onChange={() => choose([id], !isChosen)}
          />
        </td>
        <th scope="row">
          <button
            type="button"
            ref={opener}
            className={styles['opener']}
            aria-expanded={isBeside ? undefined : isOpen}
            aria-pressed={isBeside ? isSelected : undefined}
            onClick={() => select(isSelected ? undefined : id)}
          >
            <span aria-hidden="true">{isOpen ? '▾' : '▸'} </span>
            {safeText(type ?? 'no type')} <span className="mono">…{id.slice(-8)}</span>
          </button>
        </th>
        <td>
          <Status of={state} />
        </td>
        <td>{service}</td>
        <td>
          <code>{`${safeText(topic)}/${partition}@${offset}`}</code>
        </td>
        <td className={styles['number']}>{held === 0 ? '–' : held.toLocaleString('en')}</td>
        <td className={styles['number']}>{attempts}</td>
        <td>
          <Time at={at} />{' '}
          <span className="muted">
            <Ago at={at} />
          </span>
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={COLUMNS}>
            <MessageDetails message={message} act={act} />
          </td>
        </tr>
      )}
    </>
  );
}
