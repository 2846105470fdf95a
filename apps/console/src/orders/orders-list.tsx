import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { Order } from '../api/types.js';
import { useKeys } from '../shell/keys.js';
import { moneyText } from '../ui/money-text.js';
import { safeText } from '../ui/safe-text.js';
import { Status } from '../ui/status.js';
import { Ago, Time } from '../ui/time.js';
import { useMedia } from '../ui/use-media.js';
import styles from './orders.module.css';
import { useReads } from './use-reads.js';

const ROW_PX = 30;
/** Where a row is a card of two lines. */
const NARROW = '(max-width: 700px)';
const CARD_PX = 60;
/** Rows beyond what is seen, on each side. */
const OVERSCAN = 8;
/** The next page is asked for when so few rows are left. */
const AHEAD = 40;
const COLUMNS = ['Order', 'State', 'Total', 'Items', 'Why', 'Placed'] as const;
const route = getRouteApi('/orders');

interface Props {
  readonly orders: readonly Order[];
  /** Of these more is new than is shown. */
  readonly incomplete: ReadonlySet<string>;
  readonly hasMore: boolean;
  readonly more: () => void;
}

/** Only the rows that are seen are there; the table says how many there are. */
export function OrdersList({ orders, incomplete, hasMore, more }: Props) {
  const { sel, status } = route.useSearch();
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = useMedia(NARROW) ? CARD_PX : ROW_PX;
  const rows = useVirtualizer({
    count: orders.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
  });
  useEffect(() => rows.measure(), [rows, rowPx]);
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= orders.length - AHEAD) more();
  }, [hasMore, last, orders.length, more]);
  useReads(items.flatMap(({ index }) => (incomplete.has(orders[index]?.id ?? '') ? [orders[index]?.id ?? ''] : [])));
  const selected = orders.findIndex(({ id }) => id === sel);
  const select = (index: number): void => {
    const order = orders[Math.min(Math.max(index, 0), orders.length - 1)];
    if (!order) return;
    rows.scrollToIndex(orders.indexOf(order));
    void navigate({ to: '/orders', search: { ...(status && { status }), sel: order.id }, replace: true });
  };
  useKeys({
    j: () => select(selected + 1),
    k: () => select(selected - 1),
    Enter: () => {
      if (sel && selected >= 0) void navigate({ to: '/orders/$orderId', params: { orderId: sel }, search: {} });
    },
    Escape: () => void navigate({ to: '/orders', search: { ...(status && { status }) }, replace: true }),
  });
  return (
    <div ref={scroller} className={styles['scroller']} tabIndex={0} role="region" aria-label="Orders, newest first">
      <div
        role="table"
        aria-label="Orders"
        aria-rowcount={hasMore ? -1 : orders.length + 1}
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
          {items.map(({ index, key, start }) => {
            const order = orders[index];
            return order && <Row key={key} order={order} index={index} top={start} isSelected={index === selected} />;
          })}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly order: Order;
  readonly index: number;
  readonly top: number;
  readonly isSelected: boolean;
}

function Row({ order, index, top, isSelected }: RowProps) {
  const { id, status, total, currency, items, failure, change, createdAt } = order;
  const at = Date.parse(createdAt);
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
      <span role="cell" className={styles['order']}>
        <Link to="/orders/$orderId" params={{ orderId: id }} search={{}} className="mono" ref={link}>
          {id}
        </Link>
      </span>
      <span role="cell" className={styles['state']}>
        <Status of={status} />
      </span>
      <span role="cell" className={styles['total']}>
        {moneyText(total, currency)}
      </span>
      <span role="cell" className={styles['items']}>
        {safeText(items.map(({ sku, quantity }) => `${sku}×${quantity}`).join(', '))}
      </span>
      <span role="cell" className={styles['why']}>
        {failure ? failure.code : change ? `${change.kind} is at work` : ''}
      </span>
      <span role="cell" className={styles['placed']}>
        <Time at={at} />
        <span className="muted">
          {' '}
          <Ago at={at} />
        </span>
      </span>
    </div>
  );
}
