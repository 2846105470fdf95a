import { Link } from '@tanstack/react-router';
import { memo, useEffect, useRef, useState } from 'react';
import type { Health } from '../stream/events.js';
import { moneyText } from '../ui/money-text.js';
import { isOfRow } from '../ui/row-click.js';
import { safeText } from '../ui/safe-text.js';
import { Scroller } from '../ui/scroller.js';
import { Status } from '../ui/status.js';
import { spanText } from '../ui/time-text.js';
import { Time } from '../ui/time.js';
import { type Dot, type FlowOrder, sagaStateOf, tookMs } from './flow.js';
import type { DotState } from './meanings.js';
import styles from './live.module.css';

/** In the order in which an order goes from one to the next. */
const COLUMNS = ['order', 'inventory', 'payment', 'shipment', 'orchestrator'] as const;
const DOTS: Readonly<Record<DotState, readonly [glyph: string, word: string]>> = {
  told: ['●', 'has told of it'],
  asked: ['◐', 'is asked'],
  done: ['✓', 'done'],
  refused: ['✕', 'refused'],
  undoing: ['↩', 'is asked to take it back'],
  undone: ['↺', 'taken back'],
  stuck: ['⬣', 'stuck'],
  left: ['⊘', 'left as it is'],
};
const HEALTH: Readonly<Record<Exclude<Health, 'ok'>, string>> = {
  down: '⬣ not ready',
  unreachable: '⬣ does not answer',
};

interface Props {
  readonly orders: readonly FlowOrder[];
  /** Of all orders, with rows and without, those that a service is asked something for. */
  readonly underWay: Readonly<Record<string, number>>;
  readonly selected: string | undefined;
  /** The same function each time: a row is drawn anew with another one. */
  readonly select: (id: string) => void;
  /** By service. */
  readonly health: Readonly<Record<string, Health>>;
  /** Whether a dot that is new now grows in. Where hundreds come in a second, each would have the table drawn anew for half of it. */
  readonly mayGrow: () => boolean;
}

/** The last orders, each a row over the columns of the services: a dot is where it is, and what has come of it there. */
export function FlowTable({ orders, underWay, selected, select, health, mayGrow }: Props) {
  return (
    <Scroller label="The last orders, over the services" className={styles['scroller']}>
      <div role="table" aria-label="The last orders" className={styles['flow']}>
        <div role="rowgroup" className={styles['titles']}>
          <div role="row" className={styles['row']}>
            <span role="columnheader" className={styles['wide']}>
              Placed
            </span>
            <span role="columnheader">Order</span>
            <span role="columnheader">State</span>
            <span role="columnheader" className={`${styles['amount']} ${styles['wide']}`}>
              Total
            </span>
            {COLUMNS.map((service) => (
              <ServiceTitle key={service} service={service} health={health[service]} at={underWay[service] ?? 0} />
            ))}
            <span role="columnheader" className={`${styles['amount']} ${styles['wide']}`}>
              Took
            </span>
          </div>
        </div>
        <div role="rowgroup">
          {orders.map((order) => (
            <Row key={order.id} {...{ order, select, mayGrow }} isSelected={order.id === selected} />
          ))}
        </div>
      </div>
    </Scroller>
  );
}

interface TitleProps {
  readonly service: string;
  /** undefined: not known. */
  readonly health: Health | undefined;
  /** Orders that are there now. */
  readonly at: number;
}

function ServiceTitle({ service, health, at }: TitleProps) {
  const isAway = health !== undefined && health !== 'ok';
  return (
    <span role="columnheader" className={`${styles['service']} ${isAway ? styles['away'] : ''}`}>
      {service}
      <span className={styles['under']}>{isAway ? HEALTH[health] : at > 0 ? `◐ ${at} here` : ' '}</span>
    </span>
  );
}

interface RowProps {
  readonly order: FlowOrder;
  readonly isSelected: boolean;
  readonly select: (id: string) => void;
  readonly mayGrow: () => boolean;
}

/** Drawn anew only when something was told of its order. */
const Row = memo(function Row({ order, isSelected, select, mayGrow }: RowProps) {
  const { id, placedAt, status, total, why, dots } = order;
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isSelected]);
  const saga = sagaStateOf(order);
  const took = tookMs(order);
  return (
    <div
      ref={row}
      role="row"
      className={`${styles['row']} ${isSelected ? styles['selected'] : ''}`}
      onClick={(event) => {
        if (isOfRow(event)) select(id);
      }}
    >
      <span role="cell" className={styles['wide']}>
        {placedAt !== undefined && <Time at={placedAt} />}
      </span>
      <span role="cell" className={styles['link']}>
        <Link
          to="/orders/$orderId"
          params={{ orderId: id }}
          search={{}}
          className="mono"
          aria-label={`Order ${id.slice(-8)}, of id ${id}`}
        >
          {id.slice(-8)}
        </Link>
      </span>
      <span role="cell">
        {status ? <Status of={status} /> : <span className="muted">–</span>}
        {status === 'REJECTED' && why !== undefined && <span className="muted"> {safeText(why)}</span>}
      </span>
      <span role="cell" className={`${styles['amount']} ${styles['wide']}`}>
        {total && moneyText(total.minor, total.currency)}
      </span>
      {COLUMNS.slice(0, -1).map((service) => (
        <span key={service} role="cell" className={styles['service']}>
          <DotView dot={dots[service]} mayGrow={mayGrow} />
        </span>
      ))}
      <span role="cell" className={styles['service']}>
        {saga ? <Status of={saga} /> : <span className="muted">·</span>}
      </span>
      <span role="cell" className={`${styles['amount']} ${styles['wide']}`}>
        {took === undefined ? '' : spanText(took)}
      </span>
    </div>
  );
});

function DotView({ dot, mayGrow }: { readonly dot: Dot | undefined; readonly mayGrow: () => boolean }) {
  // One that is new may grow in: its key is new.
  if (dot) return <Mark key={`${dot.state} ${dot.at}`} state={dot.state} mayGrow={mayGrow} />;
  return (
    <span className="muted">
      <span aria-hidden="true">·</span>
      <span className="unseen">nothing yet</span>
    </span>
  );
}

function Mark({ state, mayGrow }: { readonly state: DotState; readonly mayGrow: () => boolean }) {
  const [grows] = useState(mayGrow);
  const [glyph, word] = DOTS[state];
  return (
    <span className={`${styles['dot']} ${styles[state]} ${grows ? styles['grows'] : ''}`} title={word}>
      <span aria-hidden="true">{glyph}</span>
      <span className="unseen">{word}</span>
    </span>
  );
}
