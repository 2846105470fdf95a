import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { systemQuery } from '../api/system-query.js';
import { useKeys } from '../shell/keys.js';
import { useStreamState, useTick } from '../stream/use-stream.js';
import { Button } from '../ui/button.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { Banner, Empty, Problem, Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { Terminal } from '../ui/terminal.js';
import { shownOf, underWayOf } from './flow.js';
import { FlowTable } from './flow-table.js';
import { NoOrder, Numbers } from './numbers.js';
import { StripView } from './strip-view.js';
import { useFlow } from './use-flow.js';
import styles from './live.module.css';

const route = getRouteApi('/');
const NOT_KNOWN = {};

/** Whether it is well, and what moves. */
export function LivePage() {
  const { sel } = route.useSearch();
  const navigate = useNavigate();
  const system = useQuery(systemQuery);
  const [isPaused, setPaused] = useState(false);
  const { flow, strip, held, passed, recent, mayGrow } = useFlow(
    system.error ? null : system.data?.definitions,
    isPaused,
  );
  const tick = useTick();
  const { status, kafka } = useStreamState();
  useEffect(() => {
    document.title = 'Live · Backstep';
  }, []);
  const orders = shownOf(flow);
  const underWay = underWayOf(flow);
  const selected = orders.findIndex(({ id }) => id === sel);
  const select = useCallback(
    (id: string) => void navigate({ to: '/', search: { sel: id }, replace: true }),
    [navigate],
  );
  const step = (by: number): void => {
    const order = orders[Math.min(Math.max(selected + by, 0), orders.length - 1)];
    if (order) select(order.id);
  };
  const commands = ['npx backstep orders', `curl -N '${location.origin}/v1/stream?watch=tick,orders,sagas,messages'`];
  useKeys({
    ' ': () => setPaused(!isPaused),
    j: () => step(1),
    k: () => step(-1),
    Enter: () => {
      if (sel !== undefined && selected >= 0)
        void navigate({ to: '/orders/$orderId', params: { orderId: sel }, search: {} });
    },
    Escape: () => void navigate({ to: '/', search: {}, replace: true }),
    c: () => void copy(commands[0] ?? '', 'the command'),
  });
  return (
    <>
      <header className={common['head']}>
        <h1>Live</h1>
        <p className="muted">
          {isPaused
            ? `‖ paused, ${held.toLocaleString('en')} messages held back`
            : status === 'live'
              ? '● told as it happens'
              : '◐ connecting'}
        </p>
        <span className={styles['actions']}>
          <Button shortcut="space" pressed={isPaused} onClick={() => setPaused(!isPaused)}>
            {isPaused ? 'Go on' : 'Pause'}
          </Button>
          <CopyLink />
          <Link to="/playground" search={{}}>
            Place an order
          </Link>
        </span>
      </header>
      {status === 'refused' && system.error === null && (
        <Banner>The gateway does not tell what happens without its operator’s token.</Banner>
      )}
      {!kafka && (
        <Banner>
          Kafka cannot be read: orders are taken and shown, and what happens to them is told when it is back.
        </Banner>
      )}
      {system.data?.definitions === null && (
        <Banner>The orchestrator does not answer: what a message means for its order is not known.</Banner>
      )}
      {system.error && <Problem error={system.error} retry={() => void system.refetch()} />}
      {recent.error && <Problem error={recent.error} retry={() => void recent.refetch()} />}
      <Numbers tick={tick} strip={strip} flow={flow} />
      <StripView strip={strip} />
      {recent.isPending && !recent.error && <Skeleton rows={12} />}
      {recent.isSuccess && orders.length === 0 && (
        <Empty title="No order yet">
          <NoOrder />
        </Empty>
      )}
      {passed > 0 && (
        <p className={styles['passed']}>
          More orders come than can be read: {passed.toLocaleString('en')} went by without a row. The numbers count all,
          and{' '}
          <Link to="/orders" search={{}}>
            Orders
          </Link>{' '}
          has them.
        </p>
      )}
      {orders.length > 0 && (
        <FlowTable {...{ orders, select, mayGrow, underWay }} selected={sel} health={tick?.health ?? NOT_KNOWN} />
      )}
      <Terminal commands={commands} />
    </>
  );
}
