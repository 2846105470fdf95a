import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { VirtualItem } from '@tanstack/react-virtual';
import type { Order } from '../api/types.js';
import { useKeys } from '../shell/keys.js';
import { moneyText } from '../ui/money-text.js';
import { safeText } from '../ui/safe-text.js';
import { Status } from '../ui/status.js';
import { Ago, Time } from '../ui/time.js';
import { LINK, useSelectedFocus, useVirtualRows, VirtualRow, VirtualTable } from '../ui/virtual-table.js';
import type { KnownSaga } from './known-sagas.js';
import { filterOf } from './orders-search.js';
import styles from './orders.module.css';
import { SagaDots } from './saga-dots.js';
import { useReads } from './use-reads.js';
import { useSagasOf } from './use-sagas-of.js';
import { WaitsFor } from './waits-for.js';

/** Where the window is narrow, a row is a card of three lines. */
const SIZES = { narrow: '(max-width: 700px)', cardPx: { compact: 88, comfortable: 112 } };
const COLUMNS = [
  { title: 'Order', className: styles['order'] },
  { title: 'State', className: styles['state'] },
  { title: 'Saga', className: styles['saga'] },
  { title: 'Waits for, or why', className: styles['waits'] },
  { title: 'Total', className: styles['total'] },
  { title: 'Items', className: styles['items'] },
  { title: 'Placed', className: styles['placed'] },
];
const route = getRouteApi('/orders');

interface Props {
  readonly orders: readonly Order[];
  /** Of these more is new than is shown. */
  readonly incomplete: ReadonlySet<string>;
  readonly hasMore: boolean;
  readonly more: () => void;
}

export function OrdersList({ orders, incomplete, hasMore, more }: Props) {
  const search = route.useSearch();
  const { sel } = search;
  const navigate = useNavigate();
  const selected = orders.findIndex(({ id }) => id === sel);
  const rows = useVirtualRows({
    ...SIZES,
    count: orders.length,
    selected: { id: sel, index: selected },
    more: hasMore ? more : undefined,
  });
  const seen = rows.items.flatMap(({ index }) => orders[index] ?? []);
  useReads(seen.map(({ id }) => id).filter((id) => incomplete.has(id)));
  const sagas = useSagasOf(seen);
  const select = (index: number): void => {
    const order = orders[Math.min(Math.max(index, 0), orders.length - 1)];
    if (!order) return;
    void navigate({ to: '/orders', search: { ...search, sel: order.id }, replace: true });
  };
  useKeys({
    j: () => select(selected + 1),
    k: () => select(selected - 1),
    Enter: () => {
      if (sel && selected >= 0) void navigate({ to: '/orders/$orderId', params: { orderId: sel }, search: {} });
    },
    Escape: () => void navigate({ to: '/orders', search: filterOf(search), replace: true }),
  });
  return (
    <VirtualTable
      of={rows}
      label="Orders"
      region="Orders, newest first"
      className={styles['table']}
      rowClassName={styles['row']}
      columns={COLUMNS}
    >
      {(item) => {
        const order = orders[item.index];
        return (
          order && (
            <Row
              key={item.key}
              order={order}
              known={sagas.get(order.id)}
              item={item}
              select={select}
              isSelected={item.index === selected}
            />
          )
        );
      }}
    </VirtualTable>
  );
}

interface RowProps {
  readonly order: Order;
  readonly known: KnownSaga | undefined;
  readonly item: VirtualItem;
  readonly isSelected: boolean;
  readonly select: (index: number) => void;
}

function Row({ order, known, item, isSelected, select }: RowProps) {
  const { id, status, total, currency, items, createdAt } = order;
  const at = Date.parse(createdAt);
  const link = useSelectedFocus(isSelected);
  return (
    <VirtualRow item={item} className={styles['row']} isSelected={isSelected} select={() => select(item.index)}>
      <span role="cell" className={`${LINK} ${styles['order']}`}>
        <Link to="/orders/$orderId" params={{ orderId: id }} search={{}} className="mono" ref={link}>
          {id}
        </Link>
      </span>
      <span role="cell" className={styles['state']}>
        <Status of={status} />
      </span>
      <span role="cell" className={styles['saga']}>
        {known?.saga && <SagaDots saga={known.saga} />}
      </span>
      <span role="cell" className={styles['waits']}>
        <WaitsFor order={order} known={known} />
      </span>
      <span role="cell" className={styles['total']}>
        {moneyText(total, currency)}
      </span>
      <span role="cell" className={styles['items']}>
        {safeText(items.map(({ sku, quantity }) => `${sku}×${quantity}`).join(', '))}
      </span>
      <span role="cell" className={styles['placed']}>
        <Time at={at} />
        <span className="muted">
          {' '}
          <Ago at={at} />
        </span>
      </span>
    </VirtualRow>
  );
}
