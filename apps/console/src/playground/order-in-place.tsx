import { Link } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { drawingOf } from '../lanes/drawing.js';
import { LanesView } from '../lanes/lanes-view.js';
import type { LaneMessage } from '../lanes/model.js';
import { openOf, toggled } from '../lanes/open.js';
import { isSamePosition } from '../lanes/position.js';
import { sentenceOf } from '../lanes/sentence.js';
import { useOrder } from '../order/use-order.js';
import { announce } from '../shell/announce.js';
import { useKeys } from '../shell/keys.js';
import { Problem, Skeleton } from '../ui/notices.js';
import { safeText } from '../ui/safe-text.js';
import { Status } from '../ui/status.js';
import styles from './playground.module.css';

/** What the order that was placed does, as it does it. The page of the order has the rest: the table, the moments, the details. */
export function OrderInPlace({ orderId }: { readonly orderId: string }) {
  const { order, lanes, error, retry } = useOrder(orderId);
  const [fitPx, setFitPx] = useState<number>();
  const [opened, setOpened] = useState<string>();
  const drawing = useMemo(
    () => drawingOf(lanes, { foldPauses: true, showRepeated: false, open: openOf(opened), fitPx }),
    [lanes, opened, fitPx],
  );
  const [position, setPosition] = useState<LaneMessage['landing']>();
  const selected = position && lanes.messages.find(({ landing }) => isSamePosition(landing, position));
  const go = (by: number): void => {
    const { items } = drawing;
    const from = selected ? items.findIndex(({ messages }) => messages.includes(selected)) : by > 0 ? -1 : items.length;
    setPosition(items[Math.min(Math.max(from + by, 0), items.length - 1)]?.messages[0].landing);
  };
  useKeys({ ArrowRight: () => go(1), ArrowLeft: () => go(-1), Escape: () => setPosition(undefined) });
  const { status, failure } = order ?? {};
  useEffect(() => {
    if (status) announce(`Order ${orderId.slice(-8)} is ${status}.`);
  }, [orderId, status]);
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
      {error && <Problem error={error} retry={retry} />}
      {!error && lanes.messages.length === 0 && <Skeleton rows={5} />}
      {lanes.messages.length > 0 && (
        <>
          <LanesView
            drawing={drawing}
            selected={selected}
            select={(message) => setPosition(message?.landing)}
            toggle={(fold) => setOpened((before) => toggled(before ? { open: before } : {}, fold, []).open)}
            at={undefined}
            rows={lanes.rows}
            follows
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
