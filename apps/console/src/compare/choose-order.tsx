import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { newestOrdersQuery } from '../api/queries.js';
import { useIsTold } from '../stream/use-stream.js';
import { moneyText } from '../ui/money-text.js';
import { Empty, Problem, Skeleton } from '../ui/notices.js';
import { Status } from '../ui/status.js';
import { Time } from '../ui/time.js';
import { type CompareSearch, withOrder } from './compare-search.js';
import styles from './compare.module.css';

/** So many of the newest are offered; another one is pasted. */
const OFFERED = 20;

/** Which order is the other one: one of the newest, or one whose id is pasted. */
export function ChooseOrder({ search }: { readonly search: CompareSearch }) {
  const newest = useQuery(newestOrdersQuery({}, useIsTold()));
  const orders = (newest.data?.items ?? []).filter(({ id }) => id !== search.a && id !== search.b);
  const which = search.a === undefined ? 'a' : 'b';
  return (
    <div className={styles['body']}>
      <h2>Which order is {which}?</h2>
      <p>
        One of the newest, or any other: paste its id with <kbd>Ctrl K</kbd>.
      </p>
      {newest.error && <Problem error={newest.error} retry={() => void newest.refetch()} />}
      {newest.isPending && !newest.error && <Skeleton rows={6} />}
      {newest.isSuccess && orders.length === 0 && (
        <Empty title="There is no other order">
          <p>
            <Link to="/playground" search={{}}>
              Place one
            </Link>
          </p>
        </Empty>
      )}
      <ul className={styles['offered']} aria-label="The newest orders">
        {orders.slice(0, OFFERED).map(({ id, status, total, currency, createdAt }) => (
          <li key={id}>
            <Link to="/orders/compare" search={withOrder(search, id)}>
              <Time at={Date.parse(createdAt)} /> <code>{id}</code> <Status of={status} /> {moneyText(total, currency)}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
