import { Link } from '@tanstack/react-router';
import type { DoctorReport } from '../api/types.js';
import { safeText } from '../ui/safe-text.js';
import { Ago } from '../ui/time.js';
import styles from './lab.module.css';

interface Props {
  readonly report: DoctorReport;
  /** Why the latest look came to nothing, where it did. */
  readonly error: Error | null;
}

/** Each invariant as the doctor found it last, with what the look has cost. */
export function InvariantsView({ report, error }: Props) {
  const { takenAt, tookMs, clean, atRest, invariants, inFlight, totals } = report;
  const found = invariants.reduce((sum, one) => sum + one.found, 0);
  return (
    <section className={styles['panel']} aria-label="Invariants">
      <h2>Invariants</h2>
      <p className={clean ? styles['holds'] : styles['violated']}>
        <span aria-hidden="true">{clean ? '✓ ' : '⬣ '}</span>
        {clean ? 'All hold' : `${found} ${found === 1 ? 'violation' : 'violations'}`}
        <span className="muted">
          {' · checked '}
          <Ago at={Date.parse(takenAt)} />
          {` · ${totals.orders.examined.toLocaleString('en')} orders · ${tookMs.toLocaleString('en')} ms`}
        </span>
      </p>
      {!atRest && <p className="muted">{inFlight.count.toLocaleString('en')} are under way, and are not judged.</p>}
      {error && (
        <p className={styles['ailing']}>
          <span aria-hidden="true">⊘ </span>
          The last look came to nothing: {safeText(error.message)}
        </p>
      )}
      <ul className={styles['invariants']}>
        {invariants.map(({ id, title, found: count, violations }) => {
          const [first] = violations;
          return (
            <li key={id}>
              <span className={count === 0 ? styles['holds'] : styles['violated']}>
                <span aria-hidden="true">{count === 0 ? '✓ ' : '⬣ '}</span>
                {id} {count === 0 ? 'holds' : `${count} wrong`}
              </span>{' '}
              <span className="muted">{title}</span>
              {first && (
                <p>
                  {safeText(first.what)}
                  {first.orderId !== undefined && (
                    <>
                      {' '}
                      <Link to="/orders/$orderId" params={{ orderId: first.orderId }} search={{}}>
                        The order {first.orderId.slice(-8)}
                      </Link>
                    </>
                  )}
                </p>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
