import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Tick } from '../stream/events.js';
import { spanText } from '../ui/time-text.js';
import common from '../ui/page.module.css';
import { type Flow, medianOf, newestOf, tookMs } from './flow.js';
import { rateOf, type Second } from './strip.js';
import styles from './live.module.css';

interface Props {
  readonly tick: Tick | undefined;
  readonly strip: readonly Second[];
  readonly flow: Flow;
}

const sum = (counts: readonly number[]): number => counts.reduce((so, one) => so + one, 0);
const rateText = (rate: number | undefined): string =>
  rate === undefined ? '–' : `${rate.toFixed(rate < 10 ? 1 : 0)}/s`;

/** Whether it is well, in some numbers. What is not known is a dash, never a zero. */
export function Numbers({ tick, strip, flow }: Props) {
  const { sagas, inFlight, parked, unpublished, oldestUnpublishedMs, lag } = tick ?? {};
  const poisoned = parked && sum(Object.values(parked).map((one) => one.poisoned));
  const held = parked && sum(Object.values(parked).map((one) => one.held));
  const waiting = unpublished && sum(Object.values(unpublished));
  const behind = lag && Object.values(lag).length > 0 ? sum(Object.values(lag)) : undefined;
  const median = medianOf(newestOf(flow).flatMap((order) => tookMs(order) ?? []));
  return (
    <dl className={`${common['numbers']} ${styles['numbers']}`}>
      <Fact name="Placed">{rateText(rateOf(strip, ({ placed }) => placed))}</Fact>
      <Fact name="Ended">{rateText(rateOf(strip, ({ confirmed, rejected }) => confirmed + rejected))}</Fact>
      <Fact name="In flight">{inFlight ?? '–'}</Fact>
      <Fact name="Compensating">{sagas?.COMPENSATING ?? '–'}</Fact>
      <Fact name="STUCK" isBad={(sagas?.STUCK ?? 0) > 0}>
        {sagas?.STUCK ?? '–'}
      </Fact>
      {(sagas?.UNREGISTERED ?? 0) > 0 && (
        <Fact name="Of no definition" isBad>
          {sagas?.UNREGISTERED}
        </Fact>
      )}
      <Fact name="Parked" isBad={(poisoned ?? 0) > 0}>
        {poisoned === undefined ? '–' : `${poisoned}${held ? `, ${held} held behind` : ''}`}
      </Fact>
      <Fact name="Outbox">
        {waiting === undefined
          ? '–'
          : `${waiting}${oldestUnpublishedMs ? `, oldest ${spanText(oldestUnpublishedMs)}` : ''}`}
      </Fact>
      <Fact name="Lag">{behind ?? '–'}</Fact>
      <Fact name="p50 of the newest">{median === undefined ? '–' : spanText(median)}</Fact>
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly isBad?: boolean;
  readonly children: ReactNode;
}

const Fact = ({ name, isBad = false, children }: FactProps) => (
  <div className={isBad ? styles['bad'] : ''}>
    <dt>
      {isBad && <span aria-hidden="true">⬣ </span>}
      {name}
    </dt>
    <dd>{children}</dd>
  </div>
);

/** Nobody has placed one. */
export const NoOrder = () => (
  <p>
    <Link to="/playground" search={{}}>
      Place an order
    </Link>{' '}
    in the playground, or in a terminal: <code>npx backstep order place --sku teapot</code>
  </p>
);
