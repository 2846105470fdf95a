import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { SagaAction, SagaSummary } from '../api/types.js';
import { Button } from '../ui/button.js';
import { safeText } from '../ui/safe-text.js';
import { Status } from '../ui/status.js';
import { Ago } from '../ui/time.js';
import { useMedia } from '../ui/use-media.js';
import { SAGA_ACTIONS } from './sagas-search.js';
import styles from './sagas.module.css';
import { awaitedBy, causeOf, waitsForOperator } from './work-list.js';

const ROW_PX = 32;
/** Where a row is a card of three lines. */
const NARROW = '(max-width: 700px)';
const CARD_PX = 92;
/** Rows beyond what is seen, on each side. */
const OVERSCAN = 8;
/** The next page is asked for when so few rows are left. */
const AHEAD = 40;
const COLUMNS = [
  ['Choose', 'pick'],
  ['Saga', 'saga'],
  ['State', 'state'],
  ['Waits for', 'awaits'],
  ['Because', 'cause'],
  ['Moved', 'age'],
  ['Legal now', 'actions'],
] as const;

export interface SagasListProps {
  readonly sagas: readonly SagaSummary[];
  readonly selected: number;
  readonly chosen: ReadonlySet<string>;
  readonly choose: (saga: SagaSummary) => void;
  readonly open: (saga: SagaSummary, action: SagaAction) => void;
  readonly hasMore: boolean;
  readonly more: () => void;
}

/** Only the rows that are seen are there; the table says how many there are. */
export function SagasList({ sagas, selected, chosen, choose, open, hasMore, more }: SagasListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = useMedia(NARROW) ? CARD_PX : ROW_PX;
  const rows = useVirtualizer({
    count: sagas.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
  });
  useEffect(() => rows.measure(), [rows, rowPx]);
  useEffect(() => {
    if (selected >= 0) rows.scrollToIndex(selected);
  }, [rows, selected]);
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= sagas.length - AHEAD) more();
  }, [hasMore, last, sagas.length, more]);
  return (
    <div ref={scroller} className={styles['scroller']} tabIndex={0} role="region" aria-label="Sagas">
      <div role="table" aria-label="Sagas" aria-rowcount={hasMore ? -1 : sagas.length + 1} className={styles['list']}>
        <div role="rowgroup" className={styles['titles']}>
          <div role="row" aria-rowindex={1} className={styles['row']}>
            {COLUMNS.map(([title, name]) => (
              <span key={name} role="columnheader" className={styles[name]}>
                {name === 'pick' ? <span className="unseen">{title}</span> : title}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={styles['rows']} style={{ height: rows.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const saga = sagas[index];
            return (
              saga && (
                <Row
                  key={key}
                  {...{ saga, index, choose, open }}
                  top={start}
                  isSelected={index === selected}
                  isChosen={chosen.has(saga.id)}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface RowProps extends Pick<SagasListProps, 'choose' | 'open'> {
  readonly saga: SagaSummary;
  readonly index: number;
  readonly top: number;
  readonly isSelected: boolean;
  readonly isChosen: boolean;
}

function Row({ saga, index, top, isSelected, isChosen, choose, open }: RowProps) {
  const { id, state, awaiting, legalActions, updatedAt } = saga;
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isSelected && document.activeElement?.closest('[role="table"]')) link.current?.focus({ preventScroll: true });
  }, [isSelected]);
  const tone = isSelected ? styles['selected'] : waitsForOperator(saga) ? styles['waiting'] : '';
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${styles['row']} ${tone}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="cell" className={styles['pick']}>
        {legalActions.length > 0 && (
          <input
            type="checkbox"
            aria-label={`Choose saga ${id}`}
            aria-keyshortcuts="x"
            checked={isChosen}
            onChange={() => choose(saga)}
          />
        )}
      </span>
      <span role="cell" className={styles['saga']}>
        <Link to="/sagas/$sagaId" params={{ sagaId: id }} search={{}} className="mono" ref={link}>
          {id}
        </Link>
      </span>
      <span role="cell" className={styles['state']}>
        <Status of={state} />
      </span>
      <span role="cell" className={styles['awaits']}>
        {safeText(awaitedBy(saga))}
        {awaiting && <span className="muted"> ×{awaiting.attempts}</span>}
      </span>
      <span role="cell" className={styles['cause']} title={safeText(causeOf(saga))}>
        {safeText(causeOf(saga))}
      </span>
      <span role="cell" className={styles['age']}>
        <Ago at={Date.parse(updatedAt)} />
      </span>
      <span role="cell" className={styles['actions']}>
        {SAGA_ACTIONS.filter((action) => legalActions.includes(action)).map((action) => (
          <Button key={action} onClick={() => open(saga, action)}>
            {action}
            <span className="unseen"> saga {id}</span>
          </Button>
        ))}
      </span>
    </div>
  );
}
