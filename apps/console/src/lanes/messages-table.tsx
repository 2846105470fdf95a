import { Fragment, useEffect, useRef } from 'react';
import { safeText } from '../ui/safe-text.js';
import { shortData } from '../ui/short-data.js';
import { spanText } from '../ui/time-text.js';
import { Time } from '../ui/time.js';
import { Titles } from '../ui/titles.js';
import type { How } from './arrivals.js';
import type { LaneMessage, Lanes } from './model.js';
import { positionText } from './position.js';
import { BesidesTable } from './besides-table.js';
import { dropText, GLYPHS, HOW, WORDS } from './sentence.js';
import styles from './table.module.css';
import type { Tick } from './ticks.js';

interface Props {
  readonly lanes: Lanes;
  readonly selected: LaneMessage | undefined;
  readonly select: (message: LaneMessage | undefined) => void;
  readonly showRepeated: boolean;
}

/** The twin of the lanes: the same messages, the same selection, in causal order. */
export function MessagesTable({ lanes, selected, select, showRepeated }: Props) {
  const numberOf = new Map(lanes.messages.map(({ key, number }) => [key, number]));
  return (
    <div className={styles['scroller']} tabIndex={0} role="region" aria-label="Messages, each after what caused it">
      <table className={styles['table']}>
        <thead>
          <tr>
            <Titles of={['#', 'Said', 'Message', 'From → to', 'Step', 'Because of', 'Position', 'Says']} />
          </tr>
        </thead>
        <tbody>
          {lanes.messages.map((message) => (
            <Fragment key={message.key}>
              <Row
                message={message}
                because={message.cause === undefined ? undefined : numberOf.get(message.cause)}
                isSelected={message === selected}
                select={select}
              />
              {showRepeated &&
                message.repeated.map(({ topic, partition, offset, at, drops }) => (
                  <tr key={offset} className={styles['repeated']}>
                    <td />
                    <td>
                      <Time at={at} />
                    </td>
                    <td colSpan={4}>
                      <span aria-hidden="true">⊘ </span>#{message.number} again, +
                      {spanText(Math.max(0, at - message.landing.at))}:{' '}
                      {safeText(drops.map(dropText).join('; ') || 'the same id')}
                    </td>
                    <td className="mono">{positionText({ topic, partition, offset })}</td>
                    <td />
                  </tr>
                ))}
            </Fragment>
          ))}
        </tbody>
      </table>
      <BesidesTable lanes={lanes} />
    </div>
  );
}

/** What is worth a word in a row. */
const SHORT_HOW: Readonly<Record<How, string>> = {
  received: '',
  reacted: '',
  parked: ' (parked)',
  unread: ' (not read yet)',
  inferred: ' (inferred)',
};

/** As on the arrow. */
const TICKS: Readonly<Record<Tick['kind'], string>> = { committed: '○ in the outbox', kafka: '│' };

interface RowProps {
  readonly message: LaneMessage;
  readonly because: number | undefined;
  readonly isSelected: boolean;
  readonly select: (message: LaneMessage | undefined) => void;
}

function Row({ message, because, isSelected, select }: RowProps) {
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isSelected]);
  const { number, type, meaning, from, to, exchange, landing, saidAt, attempt, version, ticks } = message;
  return (
    <tr ref={row} className={isSelected ? styles['selected'] : ''}>
      <td className={styles['number']}>{number}</td>
      <td>
        <Time at={saidAt} />
      </td>
      <td>
        <button
          type="button"
          aria-pressed={isSelected}
          className={`${styles['message']} ${styles[meaning]}`}
          onClick={() => select(isSelected ? undefined : message)}
        >
          <span aria-hidden="true">{GLYPHS[meaning]} </span>
          {safeText(type)}
          <span className="unseen">, {WORDS[meaning]}</span>
        </button>
        {attempt.of > 1 && <span className="muted"> {`${attempt.number} of ${attempt.of}`}</span>}
        {version !== undefined && <span className="muted"> v{safeText(version)}</span>}
      </td>
      <td>
        {safeText(from)} → {to.length === 0 && '?'}
        {to.map(({ lane, how }, index) => (
          <span key={lane} title={HOW[how]}>
            {index > 0 && ', '}
            {safeText(lane)}
            {SHORT_HOW[how]}
          </span>
        ))}
      </td>
      <td>
        {exchange?.direction === 'undo' && '↩ '}
        {safeText(exchange?.step ?? '')}
      </td>
      <td className={styles['number']}>{because === undefined ? '' : `#${because}`}</td>
      <td>
        <span className="mono">{positionText(landing)}</span>
        {ticks.map((tick) => (
          <span key={tick.kind} className="muted">
            {' '}
            {TICKS[tick.kind]} +{spanText(tick.at - saidAt)}
          </span>
        ))}
      </td>
      <td className={styles['says']}>{shortData(message.message.value)}</td>
    </tr>
  );
}
