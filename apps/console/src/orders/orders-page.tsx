import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo } from 'react';
import { askedOf, newestOrdersKey, newestOrdersQuery, ORDERS_PAGE, ordersQuery } from '../api/queries.js';
import { addressOf } from '../api/read.js';
import { useKeys } from '../shell/keys.js';
import { useLinkWritten } from '../shell/link.js';
import { stringifySearch } from '../shell/search-text.js';
import { useSettings } from '../shell/settings.js';
import { useIsTold, useStream } from '../stream/use-stream.js';
import { Button } from '../ui/button.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { Banner, Empty, Problem, Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { Status } from '../ui/status.js';
import { Terminal } from '../ui/terminal.js';
import { Ago } from '../ui/time.js';
import { ordersAreShown } from '../shell/came-from.js';
import { noneText, orderCommand, spanText } from './filter-text.js';
import { knownOrders } from './known-orders.js';
import { mergedOrders } from './merged-orders.js';
import { OrdersList } from './orders-list.js';
import { filterOf, frozen, ORDER_STATUSES, type OrdersFilter } from './orders-search.js';
import { boundsOf } from './span.js';
import { SpanFilter } from './span-filter.js';
import { useKnownOrders } from './use-known-orders.js';
import { useSagasAway } from './use-sagas-of.js';
import styles from './orders.module.css';

const route = getRouteApi('/orders');

export function OrdersPage() {
  const search = route.useSearch();
  const { status, from, to, sel } = search;
  const filter = useMemo(() => filterOf({ status, from, to }), [status, from, to]);
  const { clock } = useSettings();
  const navigate = useNavigate();
  const client = useQueryClient();
  const pages = useInfiniteQuery(ordersQuery(filter));
  const isTold = useIsTold();
  const newest = useQuery(newestOrdersQuery(filter, isTold));
  const known = useKnownOrders();
  // What happens to orders is in `known`: here is heard only that something was left out.
  useStream({}, ({ gap }) => {
    if (gap.orders) void client.invalidateQueries({ queryKey: newestOrdersKey(filter) });
  });
  /** What the list was asked for: of `now-1h`, what that stood for. */
  const asked = pages.data?.pages[0]?.asked;
  const { shown, incomplete, waiting } = useMemo(
    () =>
      mergedOrders(
        (pages.data?.pages ?? []).map(({ items }) => items),
        { newest: newest.data?.items, known, status, bounds: asked && boundsOf(asked) },
      ),
    [pages.data, newest.data, known, status, asked],
  );
  const span = spanText(filter, clock);
  useEffect(() => {
    document.title = status ? `${status} orders · Backstep` : 'Orders · Backstep';
    ordersAreShown(filter);
  }, [status, filter]);
  useLinkWritten(
    useCallback(() => {
      const then = { ...frozen(search, Date.now()), ...asked };
      return `${location.origin}/orders${stringifySearch({ ...then })}`;
    }, [search, asked]),
  );
  // The first page anew, and no further ones: what was scrolled past is read again when it is scrolled to.
  const showWaiting = (): void => {
    knownOrders.listed();
    void client.resetQueries({ queryKey: ordersQuery(filter).queryKey });
  };
  const commands = commandsFor(filter, asked);
  const compare = (): void =>
    void navigate({ to: '/orders/compare', search: { ...(sel !== undefined && { a: sel }) } });
  useKeys({ c: () => void copy(commands[0] ?? '', 'the command'), n: showWaiting, x: compare });
  const error = pages.error ?? newest.error;
  const areSagasAway = useSagasAway();
  return (
    <>
      <header className={`${common['head']} ${styles['head']}`}>
        <h1>Orders</h1>
        <p className="muted">
          {shown.length > 0 && (
            <>
              {shown.length.toLocaleString('en')}
              {pages.hasNextPage ? ' of more' : ''}
              {span === '' ? '' : ` ${span}`}, newest first
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
        <CopyLink />
      </header>
      <nav className={`${common['filters']} ${styles['filters']}`} aria-label="Orders by state">
        <Link
          to="/orders"
          search={filterOf({ ...filter, status: undefined })}
          activeOptions={{ exact: true }}
          aria-current={status ? undefined : 'page'}
        >
          all
        </Link>
        {ORDER_STATUSES.map((one) => (
          <Link
            key={one}
            to="/orders"
            search={{ ...filter, status: one }}
            activeOptions={{ exact: true }}
            aria-current={status === one ? 'page' : undefined}
          >
            <Status of={one} />
          </Link>
        ))}
      </nav>
      <SpanFilter search={search} />
      {areSagasAway && (
        <Banner>The orchestrator does not answer: where sagas stand is shown as it was known, or not at all.</Banner>
      )}
      {error && <Problem error={error} retry={() => void Promise.all([pages.refetch(), newest.refetch()])} />}
      {pages.isPending && !error && <Skeleton rows={12} />}
      {pages.isSuccess && shown.length === 0 && <NoOrders filter={filter} />}
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

/** @param asked curl knows nothing relative: what it stood for */
const commandsFor = (filter: OrdersFilter, asked: OrdersFilter | undefined): readonly string[] => [
  orderCommand(filter),
  `curl -s '${location.origin}${addressOf('/v1/orders', { query: { limit: ORDERS_PAGE, ...(asked ?? askedOf(filter)) } })}'`,
];

function NoOrders({ filter }: { readonly filter: OrdersFilter }) {
  const { clock } = useSettings();
  const { status, from, to } = filter;
  const isOfTime = from !== undefined || to !== undefined;
  if (status || isOfTime)
    return (
      <Empty title={noneText(filter, clock)}>
        <p>
          <Link to="/orders" search={{}}>
            Clear the filter
          </Link>
          {status && isOfTime && (
            <>
              , or show{' '}
              <Link to="/orders" search={{ status }}>
                those of any time
              </Link>
            </>
          )}
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
