import { Link, useNavigate } from '@tanstack/react-router';
import type { VirtualItem } from '@tanstack/react-virtual';
import { memo, useMemo } from 'react';
import type { LogMessage } from '../api/types.js';
import { isSamePosition, positionOf, positionText, selectionOf } from '../lanes/position.js';
import { useKeys } from '../shell/keys.js';
import { safeText } from '../ui/safe-text.js';
import { Time } from '../ui/time.js';
import { LINK, useSelectedFocus, useVirtualRows, VirtualRow, VirtualTable } from '../ui/virtual-table.js';
import { saysText, typeText } from './message-text.js';
import { type MessagesSearch, without } from './messages-search.js';
import styles from './messages.module.css';

/** Where the window is narrow, a row is a card of two lines. */
const SIZES = { narrow: '(max-width: 900px)', cardPx: { compact: 60, comfortable: 76 } };
const COLUMNS = ['Time', 'Position', 'Type', 'Key', 'Source', 'Says'].map((title) => ({
  title,
  className: styles[title.toLowerCase()],
}));

interface Props {
  readonly messages: readonly LogMessage[];
  readonly search: MessagesSearch;
  /** Asks for the next page; undefined when there is none, or it is not asked for by itself. */
  readonly more: (() => void) | undefined;
}

export function MessagesList({ messages, search, more }: Props) {
  const navigate = useNavigate();
  const restText = JSON.stringify(without(search, 'sel'));
  const rest = useMemo(() => JSON.parse(restText) as MessagesSearch, [restText]);
  const position = positionOf(search.sel);
  const selected = position ? messages.findIndex((message) => isSamePosition(message, position)) : -1;
  const rows = useVirtualRows({
    ...SIZES,
    count: messages.length,
    selected: { id: search.sel, index: selected },
    more,
  });
  const select = (index: number): void => {
    const message = messages[Math.min(Math.max(index, 0), messages.length - 1)];
    if (!message) return;
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
    <VirtualTable of={rows} label="Messages" className={styles['table']} rowClassName={styles['row']} columns={COLUMNS}>
      {(item) => {
        const message = messages[item.index];
        return (
          message && (
            <Row
              key={positionText(message)}
              {...{ message, rest, item }}
              isSelected={item.index === selected}
              select={() => select(item.index)}
            />
          )
        );
      }}
    </VirtualTable>
  );
}

interface RowProps {
  readonly message: LogMessage;
  /** What the address says beside the selection: the same object until that changes. */
  readonly rest: MessagesSearch;
  readonly item: VirtualItem;
  readonly isSelected: boolean;
  readonly select: () => void;
}

const Row = ({ message, rest, item, isSelected, select }: RowProps) => (
  <VirtualRow item={item} className={styles['row']} isSelected={isSelected} select={select}>
    <Cells {...{ message, rest, isSelected }} />
  </VirtualRow>
);

/** Drawn once: a record never changes. What comes moves its row. */
const Cells = memo(function Cells({ message, rest, isSelected }: Pick<RowProps, 'message' | 'rest' | 'isSelected'>) {
  const { timestamp, key, headers } = message;
  const link = useSelectedFocus(isSelected);
  return (
    <>
      <span role="cell" className={styles['time']}>
        <Time at={Date.parse(timestamp)} />
      </span>
      <span role="cell" className={`${LINK} ${styles['position']}`}>
        <Link
          to="/messages"
          search={{ ...rest, sel: selectionOf(message) }}
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
    </>
  );
});
