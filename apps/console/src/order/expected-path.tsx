import { useQuery } from '@tanstack/react-query';
import { BEGINS_WITH, systemQuery } from '../api/system-query.js';
import { pathOf, startedBy } from '../playground/path.js';
import { PathView } from '../playground/path-view.js';
import styles from './order.module.css';

/** Before a saga has begun: the way that its definition has, dashed, as nothing has happened. */
export function ExpectedPath() {
  const { data } = useQuery(systemQuery);
  const definition = startedBy(BEGINS_WITH, data?.definitions ?? []);
  if (!definition) return null;
  return (
    <div className={styles['pad']}>
      <PathView
        path={pathOf(definition, { refusals: {}, neverUndone: {} })}
        from="order"
        notes={{}}
        title="The way of an order that nobody refuses, by the definition of its saga"
      />
    </div>
  );
}
