import type { ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import type { OrderWithSaga, Saga } from '../api/types.js';
import type { Lanes } from '../lanes/model.js';
import { ordersShownLast } from '../shell/came-from.js';
import { Button } from '../ui/button.js';
import { copy } from '../ui/copy.js';
import { moneyText } from '../ui/money-text.js';
import common from '../ui/page.module.css';
import { safeText } from '../ui/safe-text.js';
import { Status } from '../ui/status.js';
import { Ago, Time } from '../ui/time.js';
import { spanText } from '../ui/time-text.js';
import styles from './order.module.css';

interface Props {
  readonly orderId: string;
  readonly order: OrderWithSaga | undefined;
  readonly lanes: Lanes;
}

export function OrderHead({ orderId, order, lanes }: Props) {
  return (
    <header className={styles['head']}>
      <p className={styles['path']}>
        <Link to="/orders" search={{ ...ordersShownLast(), sel: orderId }}>
          Orders
        </Link>{' '}
        /
      </p>
      <h1 className={common['id']}>
        <span className="unseen">Order </span>
        {safeText(orderId)}
      </h1>
      <Button onClick={() => void copy(orderId, 'the id')}>Copy id</Button>
      {order && <Facts order={order} lanes={lanes} />}
    </header>
  );
}

function Facts({ order, lanes }: { readonly order: OrderWithSaga; readonly lanes: Lanes }) {
  const { status, version, total, currency, failure, change, createdAt, sagas, items } = order;
  const at = Date.parse(createdAt);
  return (
    <dl className={styles['facts']}>
      <Fact name="State">
        <Status of={status} />
        {failure && <span className="muted"> {safeText(`${failure.code}: ${failure.message}`)}</span>}
        {change && <span className="muted"> {change.kind} is at work</span>}
      </Fact>
      <Fact name="Version">v{version}</Fact>
      <Fact name="Total">{moneyText(total, currency)}</Fact>
      <Fact name="Items">{safeText(items.map(({ sku, quantity }) => `${sku}×${quantity}`).join(', '))}</Fact>
      <Fact name="Placed">
        <Time at={at} />{' '}
        <span className="muted">
          <Ago at={at} />
        </span>
      </Fact>
      {lanes.messages.length > 0 && <Fact name="Messages">{messagesText(lanes)}</Fact>}
      {sagasAsOne(sagas ?? []).map(([{ id, type, state, stuckBecause, awaiting }, { length: others }]) => (
        <Fact key={id} name={`Saga ${type}`}>
          <Status of={state} />
          {others > 0 && <span className="muted"> ×{others + 1}</span>}
          {stuckBecause && <span className="muted"> {safeText(stuckBecause)}</span>}
          {awaiting && !stuckBecause && (
            <span className="muted">
              {' '}
              waits for {awaiting.direction === 'undo' ? 'the compensation of ' : ''}
              {awaiting.step}
            </span>
          )}
        </Fact>
      ))}
    </dl>
  );
}

/** An order that was changed often has many sagas that have ended alike: each of these, with the others. One that waits stands for itself. */
function sagasAsOne(sagas: readonly Saga[]): readonly (readonly [one: Saga, others: readonly Saga[]])[] {
  const alike = new Map<string, [Saga, Saga[]]>();
  for (const saga of sagas) {
    const { id, type, state, stuckBecause, awaiting } = saga;
    const key = stuckBecause === null && awaiting === null ? `${type} ${state}` : id;
    const known = alike.get(key);
    if (known) known[1].push(saga);
    else alike.set(key, [saga, []]);
  }
  return [...alike.values()];
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** `13 in 488 ms, 13 repeated`. */
function messagesText({ messages, repeatedRecords }: Lanes): string {
  const times = messages.map(({ saidAt }) => saidAt);
  const took = Math.max(...times) - Math.min(...times);
  return `${messages.length} in ${spanText(took)}${repeatedRecords > 0 ? `, ${repeatedRecords} repeated` : ''}`;
}
