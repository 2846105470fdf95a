import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { newestOrdersKey, newestOrdersQuery, ORDERS_PAGE, ordersQuery } from '../api/queries.js';
import { addressOf } from '../api/read.js';
import { useKeys } from '../shell/keys.js';
import { useIsTold, useStream } from '../stream/use-stream.js';
import { Button } from '../ui/button.js';
import { copy } from '../ui/copy.js';
import { Empty, Problem, Skeleton } from '../ui/notices.js';
import { Status } from '../ui/status.js';
import { Terminal } from '../ui/terminal.js';
import { Ago } from '../ui/time.js';
import { knownOrders } from './known-orders.js';
import { mergedOrders } from './merged-orders.js';
import { OrdersList } from './orders-list.js';
import { ORDER_STATUSES } from './orders-search.js';
import { useKnownOrders } from './use-known-orders.js';
import styles from './orders.module.css';

const route = getRouteApi('/orders');

export function OrdersPage() {
  const { status, sel } = route.useSearch();
  const navigate = useNavigate();
  const client = useQueryClient();
  const pages = useInfiniteQuery(ordersQuery(status));
  const isTold = useIsTold();
  const newest = useQuery(newestOrdersQuery(status, isTold));
  const known = useKnownOrders();
  // What happens to orders is in `known`: here is heard only that something was left out.
  useStream({}, ({ gap }) => {
    if (gap.orders) void client.invalidateQueries({ queryKey: newestOrdersKey(status) });
  });
  const { shown, incomplete, waiting } = useMemo(
    () =>
      mergedOrders(
        (pages.data?.pages ?? []).map(({ items }) => items),
        { newest: newest.data?.items, known, status },
      ),
    [pages.data, newest.data, known, status],
  );
  useEffect(() => {
    document.title = status ? `${status} orders · Backstep` : 'Orders · Backstep';
  }, [status]);
  // The first page anew, and no further ones: what was scrolled past is read again when it is scrolled to.
  const showWaiting = (): void => {
    knownOrders.listed();
    void client.resetQueries({ queryKey: ordersQuery(status).queryKey });
  };
  const commands = commandsFor(status);
  const compare = (): void =>
    void navigate({ to: '/orders/compare', search: { ...(sel !== undefined && { a: sel }) } });
  useKeys({ c: () => void copy(commands[0] ?? '', 'the command'), n: showWaiting, x: compare });
  const error = pages.error ?? newest.error;
  return (
    <>
      <header className={styles['head']}>
        <h1>Orders</h1>
        <p className="muted">
          {shown.length > 0 && (
            <>
              {shown.length.toLocaleString('en')}
              {pages.hasNextPage ? ' of more' : ''}, newest first
            </>
          )}
          {!isTold && newest.dataUpdatedAt > 0 && (
            <>
              {' '}
              · as of <Ago at={newest.dataUpdatedAt} />
            </>
          )}
        </p>
        {waiting > 0 && (
          <Button shortcut="n" onClick={showWaiting}>
            Show {!isTold && waiting === ORDERS_PAGE ? `${waiting} or more` : waiting} new
          </Button>
        )}
        <Button shortcut="x" onClick={compare}>
          Compare two
        </Button>
      </header>
      <nav className={styles['filters']} aria-label="Orders by state">
        <Link to="/orders" search={{}} activeOptions={{ exact: true }} aria-current={status ? undefined : 'page'}>
          all
        </Link>
        {ORDER_STATUSES.map((one) => (
          <Link
            key={one}
            to="/orders"
            search={{ status: one }}
            activeOptions={{ exact: true }}
            aria-current={status === one ? 'page' : undefined}
          >
            <Status of={one} />
          </Link>
        ))}
      </nav>
      {error && <Problem error={error} retry={() => void Promise.all([pages.refetch(), newest.refetch()])} />}
      {pages.isPending && !error && <Skeleton rows={12} />}
      {pages.isSuccess && shown.length === 0 && <NoOrders status={status} />}
      {shown.length > 0 && (
        <OrdersList
          orders={shown}
          incomplete={incomplete}
          hasMore={pages.hasNextPage && !pages.isFetchNextPageError}
          more={() => {
            if (!pages.isFetchingNextPage) void pages.fetchNextPage();
          }}
        />
      )}
      <Terminal commands={commands} />
    </>
  );
}

const commandsFor = (status: string | undefined): readonly string[] => [
  `npx backstep orders${status ? ` --status ${status}` : ''}`,
  `curl -s '${location.origin}${addressOf('/v1/orders', { query: { limit: ORDERS_PAGE, ...(status && { status: status as never }) } })}'`,
];

function NoOrders({ status }: { readonly status: string | undefined }) {
  if (status)
    return (
      <Empty title={`No order is ${status}`}>
        <p>
          <Link to="/orders" search={{}}>
            Clear the filter
          </Link>
        </p>
      </Empty>
    );
  return (
    <Empty title="No order yet">
      <p>This places one, in a terminal:</p>
      <code>npx backstep order place --sku teapot</code>
      <Button onClick={() => void copy('npx backstep order place --sku teapot', 'the command')}>Copy</Button>
    </Empty>
  );
}
