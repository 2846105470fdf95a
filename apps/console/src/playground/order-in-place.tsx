import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { isUnderWay, orderEventsQuery, orderQuery } from '../api/queries.js';
import type { OrderMessage } from '../api/types.js';
import { drawingOf } from '../lanes/drawing.js';
import { LanesView } from '../lanes/lanes-view.js';
import { lanesOf } from '../lanes/model.js';
import { isSamePosition } from '../lanes/position.js';
import { sentenceOf } from '../lanes/sentence.js';
import { announce } from '../shell/announce.js';
import { useKeys } from '../shell/keys.js';
import { Problem, Skeleton } from '../ui/notices.js';
import { safeText } from '../ui/safe-text.js';
import { Status } from '../ui/status.js';
import styles from './playground.module.css';

const NONE: readonly OrderMessage[] = [];
const all = (): boolean => true;

/** What the order that was placed does, as it does it. The page of the order has the rest: the table, the moments, the details. */
export function OrderInPlace({ orderId }: { readonly orderId: string }) {
  const order = useQuery(orderQuery(orderId));
  const events = useQuery(orderEventsQuery(orderId, isUnderWay(order.data)));
  const records = events.data?.items ?? NONE;
  const sagas = order.data?.sagas ?? null;
  const lanes = useMemo(() => lanesOf(records, sagas), [records, sagas]);
  const [fitPx, setFitPx] = useState<number>();
  const drawing = useMemo(() => drawingOf(lanes, { foldPauses: true, showRepeated: false, fitPx }), [lanes, fitPx]);
  const [position, setPosition] = useState<(typeof lanes.messages)[number]['landing']>();
  const selected = position && lanes.messages.find(({ landing }) => isSamePosition(landing, position));
  const go = (by: number): void => {
    const { messages } = lanes;
    const from = selected ? messages.indexOf(selected) : by > 0 ? -1 : messages.length;
    setPosition(messages[Math.min(Math.max(from + by, 0), messages.length - 1)]?.landing);
  };
  useKeys({ ArrowRight: () => go(1), ArrowLeft: () => go(-1), Escape: () => setPosition(undefined) });
  const { status, failure } = order.data ?? {};
  useEffect(() => {
    if (status) announce(`Order ${orderId.slice(-8)} is ${status}.`);
  }, [orderId, status]);
  const error = order.error ?? events.error;
  return (
    <section className={styles['placed']} aria-label="The order that was placed">
      <h2>
        Order{' '}
        <Link to="/orders/$orderId" params={{ orderId }} search={{}} className="mono">
          {orderId}
        </Link>{' '}
        {status && <Status of={status} />}
        {failure && <span className="muted"> {safeText(`${failure.code}: ${failure.message}`)}</span>}
      </h2>
      {error && <Problem error={error} retry={() => void Promise.all([order.refetch(), events.refetch()])} />}
      {!error && records.length === 0 && <Skeleton rows={5} />}
      {records.length > 0 && (
        <>
          <LanesView
            drawing={drawing}
            selected={selected}
            select={(message) => setPosition(message?.landing)}
            isShown={all}
            at={undefined}
            onWidth={setFitPx}
          />
          <p className="muted">
            {selected ? safeText(sentenceOf(selected)) : 'Choose a message, by a click or by → and ←, to read it here.'}{' '}
            <Link to="/orders/$orderId" params={{ orderId }} search={{ tab: 'list' }}>
              The same as a table
            </Link>
          </p>
        </>
      )}
    </section>
  );
}
