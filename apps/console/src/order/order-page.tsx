import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isUnderWay } from '../api/queries.js';
import { addressOf, ProblemError } from '../api/read.js';
import { ordersShownLast } from '../shell/came-from.js';
import { useOrderNeighbours } from '../orders/use-order-neighbours.js';
import { announce } from '../shell/announce.js';
import { useKeys } from '../shell/keys.js';
import { useIsTold } from '../stream/use-stream.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { Banner, Empty, Problem, Skeleton, TokenForm } from '../ui/notices.js';
import { NeighbourButtons } from '../ui/neighbour-buttons.js';
import { safeText } from '../ui/safe-text.js';
import { Terminal } from '../ui/terminal.js';
import { ExpectedPath } from './expected-path.js';
import { ExportMenu } from './export-menu.js';
import { LanesTab } from './lanes-tab.js';
import { MoneyTab } from './money-tab.js';
import { OrderHead } from './order-head.js';
import { noSagaYet } from './no-saga-yet.js';
import { type OrderSearch, TABS, without } from './order-search.js';
import { Raw } from './raw.js';
import { RowsTab } from './rows-tab.js';
import { type OrderSeen, useOrder } from './use-order.js';
import styles from './order.module.css';

const route = getRouteApi('/orders/$orderId');

export function OrderPage() {
  const { orderId: given } = route.useParams();
  // In the spelling of the API's ids.
  const orderId = given.toLowerCase();
  const search = route.useSearch();
  const navigate = useNavigate();
  const isTold = useIsTold();
  const seen = useOrder(orderId);
  const { order, evidence, lanes, records, error, retry } = seen;
  const status = order?.status;
  useEffect(() => {
    document.title = `${status ? `${status} · ` : ''}order ${orderId.slice(-8)} · Backstep`;
    if (status) announce(`Order ${orderId.slice(-8)} is ${status}.`);
  }, [orderId, status]);
  const change = (next: OrderSearch): void =>
    void navigate({ to: '/orders/$orderId', params: { orderId }, search: next, replace: true });
  const commands = [
    `npx backstep events ${orderId}`,
    `npx backstep order ${orderId}`,
    `curl -s ${location.origin}${addressOf('/v1/orders/{orderId}/evidence', { path: { orderId } })}`,
  ];
  const neighbours = useOrderNeighbours(orderId, search.tab);
  useKeys({
    c: () => void copy(commands[0] ?? '', 'the command'),
    Escape: () =>
      search.sel
        ? change(without(search, 'sel'))
        : void navigate({ to: '/orders', search: { ...ordersShownLast(), sel: orderId } }),
  });
  if (seen.isPending && !order && !error) return <Skeleton />;
  if (!order)
    return (
      <>
        <OrderHead orderId={orderId} order={undefined} lanes={lanes} />
        {error && <Problem error={asOfOrder(error)} retry={retry} />}
        {!error && <Away />}
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
      <OrderHead orderId={orderId} order={order} lanes={lanes} />
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
        <div className={styles['acts']}>
          <NeighbourButtons {...neighbours} />
          <ExportMenu order={order} evidence={evidence} lanes={lanes} at={search.at} address={location.href} />
          <Link to="/orders/compare" search={{ a: orderId }}>
            Compare
          </Link>
          <CopyLink />
        </div>
      </div>
      <Gaps seen={seen} />
      {error && <Problem error={error} retry={retry} />}
      {(tab === 'lanes' || tab === 'list') &&
        (records.length === 0 ? (
          !seen.isPending && <NoMessages />
        ) : (
          <LanesTab
            lanes={lanes}
            view={tab}
            search={search}
            change={change}
            isUnderWay={isUnderWay(order)}
            isTold={isTold}
          />
        ))}
      {tab === 'rows' && (evidence ? <RowsTab evidence={evidence} /> : <ForOperators retry={retry} />)}
      {tab === 'money' && (evidence ? <MoneyTab evidence={evidence} /> : <ForOperators retry={retry} />)}
      {tab === 'raw' && <Raw values={evidence ? { evidence } : { order, messages: records }} />}
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
function Gaps({ seen: { order, evidence, isComplete, needsToken, retry } }: { readonly seen: OrderSeen }) {
  const waits = evidence && noSagaYet(evidence);
  const missing = (evidence?.missing ?? []).map(({ source, what }) => `${source} (${what})`);
  return (
    <>
      {missing.length > 0 && <Banner>Not known now, as it does not answer: {missing.join('; ')}.</Banner>}
      {waits && (
        <>
          <Banner>{safeText(waits)}</Banner>
          <ExpectedPath />
        </>
      )}
      {order?.sagas === null && (
        <Banner>
          The orchestrator does not answer: messages are shown, and which of them are compensations is not known.
        </Banner>
      )}
      {!isComplete && (
        <Banner>
          So much lies in Kafka since this order began that not all of it was read: there may be more messages.
        </Banner>
      )}
      {needsToken && (
        <>
          <Banner>
            The order and its messages are shown. What its services know of it is for operators: when their inboxes got
            a message, their rows, their timers.
          </Banner>
          <TokenForm retry={retry} />
        </>
      )}
    </>
  );
}

const ForOperators = ({ retry }: { readonly retry: () => void }) => (
  <Empty title="This is for operators">
    <TokenForm retry={retry} />
  </Empty>
);

/** Evidence without the order: the others answered. */
const Away = () => (
  <Empty title="The order service does not answer">
    <p>
      The order is shown here when the service is back. <code>npx backstep logs</code> shows what the services say.
    </p>
  </Empty>
);

const NoMessages = () => (
  <Empty title="No message yet">
    <p>
      The order is stored, and its first message is on its way from the outbox of the order service to Kafka. It is
      shown here when it arrives. If it stays so, <code>npx backstep doctor</code> says what is in the way.
    </p>
    <ExpectedPath />
  </Empty>
);
