import { Link } from '@tanstack/react-router';
import { Button } from '../ui/button.js';
import common from '../ui/page.module.css';
import { RATE_MAX } from './lab-search.js';
import { WAITING_MAX } from './ledger.js';
import type { Load } from './use-load.js';
import styles from './lab.module.css';

interface Props {
  readonly load: Load;
  readonly rate: number;
  readonly setRate: (rate: number) => void;
  readonly begin: () => void;
}

/** How much is asked of the system, and what became of it by the page's own ledger. */
export function LoadView({ load, rate, setRate, begin }: Props) {
  const { isOn, balance, stop } = load;
  const { accepted, ended, waiting, lost, lostIds, refused } = balance;
  return (
    <section className={styles['panel']} aria-label="Load">
      <h2>Load</h2>
      <label className={styles['rate']}>
        {rate} orders a second
        <input
          type="range"
          min={1}
          max={RATE_MAX}
          value={rate}
          onChange={({ target }) => setRate(Number(target.value))}
        />
      </label>
      <p className={styles['buttons']}>
        <Button pressed={isOn} onClick={isOn ? stop : begin}>
          {isOn ? 'Stop the load' : 'Begin the load'}
        </Button>
      </p>
      <dl className={`${common['numbers']} ${styles['numbers']}`}>
        <Fact name="Accepted" of={accepted} />
        <Fact name="Ended" of={ended} />
        <Fact name="Waiting" of={waiting} />
        <Fact name="Lost" of={lost} isBad={lost > 0} />
        {refused > 0 && <Fact name="Not placed" of={refused} />}
      </dl>
      {lostIds.length > 0 && (
        <ul>
          {lostIds.map((id) => (
            <li key={id}>
              <Link to="/orders/$orderId" params={{ orderId: id }} search={{}} className="mono">
                {id}
              </Link>
            </li>
          ))}
        </ul>
      )}
      <p className="muted">
        Counted by this page from its own answers 202: lost is an order that was accepted, and that the gateway does not
        know.
        {waiting >= WAITING_MAX && ' So many wait that no more are placed.'}
      </p>
    </section>
  );
}

const Fact = ({
  name,
  of,
  isBad = false,
}: {
  readonly name: string;
  readonly of: number;
  readonly isBad?: boolean;
}) => (
  <div className={isBad ? styles['violated'] : ''}>
    <dt>
      {isBad && <span aria-hidden="true">⬣ </span>}
      {name}
    </dt>
    <dd>{of.toLocaleString('en')}</dd>
  </div>
);
