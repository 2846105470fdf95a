import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { orderQuery } from '../api/queries.js';
import { addressOf } from '../api/read.js';
import type { Saga } from '../api/types.js';
import { latestOf } from '../orders/known-orders.js';
import { useKnownOrders } from '../orders/use-known-orders.js';
import { awaitedBy } from '../sagas/work-list.js';
import { moneyText } from '../ui/money-text.js';
import { safeText } from '../ui/safe-text.js';
import { Status } from '../ui/status.js';
import { Fact, Facts, Moment, Thing } from './parts.js';
import styles from './inspected.module.css';

/** An order: what the list knows of it at once, and its sagas when they are read. */
export function OrderView({ id }: { readonly id: string }) {
  const found = useQuery(orderQuery(id));
  const known = useKnownOrders().get(id);
  const listed = found.data ?? known?.order;
  const order = listed && latestOf(listed, known);
  const sagas = found.data?.sagas;
  const commands = [
    `npx backstep order ${id}`,
    `curl -s ${location.origin}${addressOf('/v1/orders/{orderId}', { path: { orderId: id } })}`,
  ];
  return (
    <Thing
      kind="Order"
      link={
        <Link to="/orders/$orderId" params={{ orderId: id }} search={{}} className="mono">
          {id}
        </Link>
      }
      commands={commands}
      error={found.error}
      retry={() => void found.refetch()}
    >
      {order && (
        <>
          <Facts>
            <Fact name="State">
              <Status of={order.status} />
            </Fact>
            <Fact name="Because">{order.failure && `${order.failure.code}: ${safeText(order.failure.message)}`}</Fact>
            <Fact name="At work">{order.change?.kind}</Fact>
            <Fact name="Total">{moneyText(order.total, order.currency)}</Fact>
            <Fact name="Items">
              {safeText(order.items.map(({ sku, quantity }) => `${sku}×${quantity}`).join(', '))}
            </Fact>
            <Fact name="Placed">
              <Moment at={order.createdAt} />
            </Fact>
            <Fact name="Version">v{order.version}</Fact>
            {found.data && (
              <Fact name="Sagas">{sagas ? undefined : 'not known: the orchestrator does not answer'}</Fact>
            )}
            {sagas?.length === 0 && <Fact name="Sagas">none has begun</Fact>}
            {sagas?.map((saga) => (
              <SagaFact key={saga.id} saga={saga} />
            ))}
          </Facts>
          <p className={styles['links']}>
            <Link to="/messages" search={{ key: id }}>
              Its messages
            </Link>
            <Link to="/orders/compare" search={{ a: id }}>
              Compare it
            </Link>
          </p>
        </>
      )}
    </Thing>
  );
}

const SagaFact = ({ saga }: { readonly saga: Saga }) => (
  <Fact name="Saga">
    <Link to="/sagas/$sagaId" params={{ sagaId: saga.id }} search={{}}>
      {safeText(saga.type)} …{saga.id.slice(-8)}
    </Link>{' '}
    <Status of={saga.state} />
    {saga.awaiting && (
      <>
        {' '}
        waits for {safeText(awaitedBy(saga))} <span className="muted">×{saga.awaiting.attempts}</span>
      </>
    )}
  </Fact>
);
