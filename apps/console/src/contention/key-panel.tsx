import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { HotKey, KeyContention } from '../api/types.js';
import { Problem, Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { safeText } from '../ui/safe-text.js';
import { Scroller } from '../ui/scroller.js';
import { Ago, Time } from '../ui/time.js';
import { Titles } from '../ui/titles.js';
import type { KeyName } from './contention-search.js';
import { Level } from './level.js';
import { contentionKeyQuery } from './queries.js';
import { declaredText, ofHundred, reasonText } from './reason.js';
import styles from './contention.module.css';

/** Where the keyboard goes when the key is opened. */
export const KEY_TITLE = 'key-title';

interface Props {
  readonly of: KeyName;
  /** As the list has it: panel and list say the same, always. Undefined: the list does not have it. */
  readonly listed: HotKey | undefined;
  /** When the list was taken: what was decided is asked for again with each. undefined: there is none yet. */
  readonly takenAt: string | undefined;
}

/** One key: how it is taken, since when, and why; and what was decided about it. */
export function KeyPanel({ of, listed, takenAt }: Props) {
  const { data, error, isPending, refetch } = useQuery(contentionKeyQuery(of));
  useEffect(() => {
    if (takenAt !== undefined) void refetch();
  }, [takenAt, refetch]);
  const hot = listed ?? data?.hot;
  return (
    <section className={styles['panel']} aria-labelledby={KEY_TITLE}>
      <h2 id={KEY_TITLE} tabIndex={-1}>
        {safeText(of.service)} {safeText(of.entity)} <code>{safeText(of.key)}</code>
      </h2>
      {error && <Problem error={error} retry={() => void refetch()} />}
      {isPending && !error && <Skeleton rows={3} />}
      {data && (
        <>
          <p className={styles['standing']}>{hot ? <Standing hot={hot} /> : <NotHot found={data} />}</p>
          <p className="muted">{declaredText(data.entity, data.declared)}</p>
          {data.service === 'inventory' && (data.entity === 'Stock' || data.entity === 'Product') && (
            <p>
              <Link to="/products/$sku" params={{ sku: data.key }}>
                The product {safeText(data.key)}
              </Link>
            </p>
          )}
          <Decisions items={data.items} />
        </>
      )}
    </section>
  );
}

function Standing({ hot: { strategy, since, why, share } }: { readonly hot: HotKey }) {
  return (
    <>
      <Level of={strategy} /> since <Time at={Date.parse(since)} />
      {why ? `: ${reasonText(why)}.` : ': it has met a conflict, and has not been locked.'}
      {share !== null && ` Now ${ofHundred(share)} of 100 meet one.`}
    </>
  );
}

const NotHot = ({ found: { declared } }: { readonly found: KeyContention }) => (
  <>
    <Level of={declared.strategy === 'locked' ? 'locked' : 'optimistic'} />: it is none of the ten keys of its service
    that conflict most.
  </>
);

function Decisions({ items }: Pick<KeyContention, 'items'>) {
  if (items.length === 0) return <p className="muted">Nothing was decided about it in the last hour.</p>;
  return (
    <Scroller label="What was decided about it" className={styles['scroller']}>
      <table className={`${common['table']} ${styles['table']}`}>
        <caption className="unseen">How it was taken otherwise in the last hour, the latest first</caption>
        <thead>
          <tr>
            <Titles of={['At', 'From', 'To', 'Because']} />
          </tr>
        </thead>
        <tbody>
          {items.map(({ at, from, to, why }, place) => (
            <tr key={`${at} ${place}`}>
              <td>
                <Time at={Date.parse(at)} />{' '}
                <span className="muted">
                  <Ago at={Date.parse(at)} />
                </span>
              </td>
              <td>
                <Level of={from} />
              </td>
              <td>
                <Level of={to} />
              </td>
              <td className={styles['why']}>{reasonText(why)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
