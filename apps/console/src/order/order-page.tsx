import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { isUnderWay, orderEventsQuery, orderQuery } from '../api/queries.js';
import { addressOf, ProblemError } from '../api/read.js';
import type { OrderMessage, OrderWithSaga } from '../api/types.js';
import { lanesOf } from '../lanes/model.js';
import { announce } from '../shell/announce.js';
import { useKeys } from '../shell/keys.js';
import { Button } from '../ui/button.js';
import { copy } from '../ui/copy.js';
import { Banner, Empty, Problem, Skeleton } from '../ui/notices.js';
import { Terminal } from '../ui/terminal.js';
import { LanesTab } from './lanes-tab.js';
import { OrderHead } from './order-head.js';
import { type OrderSearch, TABS, without } from './order-search.js';
import { Raw } from './raw.js';
import styles from './order.module.css';

const route = getRouteApi('/orders/$orderId');
const NONE: readonly OrderMessage[] = [];

export function OrderPage() {
  const { orderId } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  const order = useQuery(orderQuery(orderId));
  const events = useQuery(orderEventsQuery(orderId, isUnderWay(order.data)));
  const records = events.data?.items ?? NONE;
  const sagas = order.data?.sagas ?? null;
  const lanes = useMemo(() => lanesOf(records, sagas), [records, sagas]);
  const status = order.data?.status;
  useEffect(() => {
    document.title = `${status ? `${status} · ` : ''}order ${orderId.slice(-8)} · Backstep`;
    if (status) announce(`Order ${orderId.slice(-8)} is ${status}.`);
  }, [orderId, status]);
  const change = (next: OrderSearch): void =>
    void navigate({ to: '/orders/$orderId', params: { orderId }, search: next, replace: true });
  const commands = [
    `npx backstep events ${orderId}`,
    `npx backstep order ${orderId}`,
    `curl -s ${location.origin}${addressOf('/v1/orders/{orderId}/events', { path: { orderId } })}`,
  ];
  useKeys({
    c: () => void copy(commands[0] ?? '', 'the command'),
    Escape: () =>
      search.sel ? change(without(search, 'sel')) : void navigate({ to: '/orders', search: { sel: orderId } }),
  });
  const error = order.error ?? events.error;
  const retry = (): void => void Promise.all([order.refetch(), events.refetch()]);
  if (order.isPending && !error) return <Skeleton />;
  if (!order.data)
    return (
      <>
        <OrderHead orderId={orderId} order={undefined} lanes={lanes} />
        {error && <Problem error={asOfOrder(error)} retry={retry} />}
        <p className={styles['pad']}>
          <Link to="/orders" search={{}}>
            To the orders
          </Link>
        </p>
      </>
    );
  const tab = search.tab ?? 'lanes';
  return (
    <>
      <OrderHead orderId={orderId} order={order.data} lanes={lanes} />
      <div className={styles['bar']}>
        <nav className={styles['tabs']} aria-label="Views of this order">
          {TABS.map((one) => {
            const rest = without(search, 'tab');
            return (
              <Link
                key={one}
                to="/orders/$orderId"
                params={{ orderId }}
                search={one === 'lanes' ? rest : { ...rest, tab: one }}
                activeOptions={{ exact: true }}
                aria-current={tab === one ? 'page' : undefined}
              >
                {one}
              </Link>
            );
          })}
        </nav>
        <Button shortcut="y" onClick={() => void copy(location.href, 'the link')}>
          Copy link
        </Button>
      </div>
      <Gaps order={order.data} isComplete={events.data?.complete ?? true} />
      {error && <Problem error={error} retry={retry} />}
      {events.isPending && !error && <Skeleton />}
      {events.isSuccess && records.length === 0 && <NoMessages />}
      {records.length > 0 && tab !== 'raw' && (
        <LanesTab lanes={lanes} view={tab} search={search} change={change} isUnderWay={isUnderWay(order.data)} />
      )}
      {tab === 'raw' && <Raw values={{ order: order.data, events: events.data }} />}
      <Terminal commands={commands} />
    </>
  );
}

/** 404 means the order, and an id is mistyped sooner than an order is lost. */
const asOfOrder = (error: Error): Error =>
  error instanceof ProblemError && error.status === 404
    ? new ProblemError(
        404,
        { title: 'There is no such order', detail: 'Is the id whole? It has 36 characters.' },
        error.requestId,
      )
    : error;

/** What is not known is said, and why. */
function Gaps({ order, isComplete }: { readonly order: OrderWithSaga; readonly isComplete: boolean }) {
  return (
    <>
      {order.sagas === null && (
        <Banner>
          The orchestrator does not answer: messages are shown, and which of them are compensations is not known.
        </Banner>
      )}
      {!isComplete && (
        <Banner>
          So much lies in Kafka since this order began that not all of it was read: there may be more messages.
        </Banner>
      )}
    </>
  );
}

const NoMessages = () => (
  <Empty title="No message yet">
    <p>
      The order is stored, and its first message is on its way from the outbox of the order service to Kafka. This page
      asks again every second. If it stays so, <code>npx backstep doctor</code> says what is in the way.
    </p>
  </Empty>
);
