import { Link, useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { LogMessage } from '../api/types.js';
import { isSamePosition, positionOf, positionText, selectionOf } from '../lanes/position.js';
import { useKeys } from '../shell/keys.js';
import { safeText } from '../ui/safe-text.js';
import { Time } from '../ui/time.js';
import { useMedia } from '../ui/use-media.js';
import { saysText, typeText } from './message-text.js';
import { type MessagesSearch, without } from './messages-search.js';
import styles from './messages.module.css';

const ROW_PX = 30;
/** Where a row is a card of two lines. */
const NARROW = '(max-width: 900px)';
const CARD_PX = 60;
const OVERSCAN = 8;
/** The next page is asked for when so few rows are left. */
const AHEAD = 40;
const COLUMNS = ['Time', 'Position', 'Type', 'Key', 'Source', 'Says'] as const;

interface Props {
  readonly messages: readonly LogMessage[];
  readonly search: MessagesSearch;
  /** Asks for the next page; undefined when there is none, or it is not asked for by itself. */
  readonly more: (() => void) | undefined;
}

export function MessagesList({ messages, search, more }: Props) {
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = useMedia(NARROW) ? CARD_PX : ROW_PX;
  const rows = useVirtualizer({
    count: messages.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
  });
  useEffect(() => rows.measure(), [rows, rowPx]);
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= messages.length - AHEAD) more();
  }, [more, last, messages.length]);
  const position = positionOf(search.sel);
  const selected = position ? messages.findIndex((message) => isSamePosition(message, position)) : -1;
  const select = (index: number): void => {
    const message = messages[Math.min(Math.max(index, 0), messages.length - 1)];
    if (!message) return;
    rows.scrollToIndex(messages.indexOf(message));
    void navigate({ to: '/messages', search: { ...search, sel: selectionOf(message) }, replace: true });
  };
  useKeys({
    j: () => select(selected + 1),
    k: () => select(selected - 1),
    Enter: () => {
      if (!position) return;
      const { topic, partition, offset } = position;
      void navigate({
        to: '/messages/$topic/$partition/$offset',
        params: { topic, partition: String(partition), offset },
        search: {},
      });
    },
    Escape: () => void navigate({ to: '/messages', search: without(search, 'sel'), replace: true }),
  });
  return (
    <div ref={scroller} className={styles['scroller']} tabIndex={0} role="region" aria-label="Messages">
      <div
        role="table"
        aria-label="Messages"
        aria-rowcount={more ? -1 : messages.length + 1}
        className={styles['table']}
      >
        <div role="rowgroup" className={styles['titles']}>
          <div role="row" aria-rowindex={1} className={styles['row']}>
            {COLUMNS.map((title) => (
              <span key={title} role="columnheader" className={styles[title.toLowerCase()]}>
                {title}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={styles['rows']} style={{ height: rows.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const message = messages[index];
            return (
              message && (
                <Row
                  key={positionText(message)}
                  message={message}
                  search={search}
                  index={index}
                  top={start}
                  isSelected={index === selected}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly message: LogMessage;
  readonly search: MessagesSearch;
  readonly index: number;
  readonly top: number;
  readonly isSelected: boolean;
}

function Row({ message, search, index, top, isSelected }: RowProps) {
  const { timestamp, key, headers } = message;
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isSelected && document.activeElement?.closest('[role="table"]')) link.current?.focus({ preventScroll: true });
  }, [isSelected]);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${styles['row']} ${isSelected ? styles['selected'] : ''}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="cell" className={styles['time']}>
        <Time at={Date.parse(timestamp)} />
      </span>
      <span role="cell" className={styles['position']}>
        <Link
          to="/messages"
          search={{ ...search, sel: selectionOf(message) }}
          replace
          className="mono"
          aria-current={isSelected || undefined}
          ref={link}
        >
          {positionText(message)}
        </Link>
      </span>
      <span role="cell" className={styles['type']}>
        {safeText(typeText(message))}
      </span>
      <span role="cell" className={`mono ${styles['key']}`} title={key === null ? undefined : safeText(key)}>
        {key === null ? <span className="muted">no key</span> : safeText(key)}
      </span>
      <span role="cell" className={styles['source']}>
        {safeText(headers['ce_source'] ?? '')}
      </span>
      <span role="cell" className={styles['says']}>
        {saysText(message)}
      </span>
    </div>
  );
}
