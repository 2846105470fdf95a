import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useKeys } from '../shell/keys.js';
import { useSettings } from '../shell/settings.js';
import { Button } from '../ui/button.js';
import common from '../ui/page.module.css';
import { type Clock, wholeTimeText } from '../ui/time-text.js';
import { filterOf, type OrdersSearch } from './orders-search.js';
import { isRelative, momentOf, PRESETS, typedWhen, type When } from './span.js';
import styles from './orders.module.css';

const ENDS = ['from', 'to'] as const;
type End = (typeof ENDS)[number];
const LABELS: Readonly<Record<End, string>> = { from: 'From', to: 'Before' };

/** As it is typed again. */
const textOf = (when: When | undefined, clock: Clock): string =>
  when === undefined || isRelative(when) ? (when ?? '') : wholeTimeText(Date.parse(when), clock).replace(' UTC', '');

const clockName = (clock: Clock): string => (clock === 'utc' ? 'UTC' : 'of your clock');

/** When the orders of the list were placed: a part of the address, so that a link shows the same. */
export function SpanFilter({ search }: { readonly search: OrdersSearch }) {
  const { from, to } = search;
  const { clock } = useSettings();
  const navigate = useNavigate();
  const [typed, setTyped] = useState<Readonly<Record<End, string>>>({ from: '', to: '' });
  const [wrong, setWrong] = useState<{ readonly end: End; readonly why: string }>();
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    setTyped({ from: textOf(from, clock), to: textOf(to, clock) });
    setWrong(undefined);
  }, [from, to, clock]);
  useKeys({ '/': () => first.current?.focus() });
  const rest = filterOf({ status: search.status });
  const show = (): void => {
    const span: { from?: When; to?: When } = {};
    for (const end of ENDS) {
      if (typed[end].trim() === '') continue;
      const when = typedWhen(typed[end], clock);
      if (when === undefined)
        return setWrong({
          end,
          why: `A time is written as 2026-11-27 08:18 (${clockName(clock)}), or 2h for two hours ago.`,
        });
      span[end] = when;
    }
    const now = Date.now();
    if (span.from !== undefined && span.to !== undefined && momentOf(span.to, now) < momentOf(span.from, now))
      return setWrong({ end: 'to', why: 'The end is before the beginning.' });
    setWrong(undefined);
    void navigate({ to: '/orders', search: { ...rest, ...span } });
  };
  return (
    <div className={styles['times']}>
      <nav className={`${common['filters']} ${styles['filters']}`} aria-label="Orders by time">
        <Link
          to="/orders"
          search={rest}
          activeOptions={{ exact: true }}
          aria-current={from === undefined && to === undefined ? 'page' : undefined}
        >
          any time
        </Link>
        {PRESETS.map(([name, preset]) => (
          <Link
            key={preset}
            to="/orders"
            search={{ ...rest, from: preset }}
            activeOptions={{ exact: true }}
            aria-current={from === preset && to === undefined ? 'page' : undefined}
          >
            <span className="unseen">the last </span>
            {name}
          </Link>
        ))}
      </nav>
      <form
        aria-label="When they were placed"
        onSubmit={(event) => {
          event.preventDefault();
          show();
        }}
      >
        {ENDS.map((end) => (
          <label key={end}>
            {LABELS[end]}{' '}
            <input
              ref={end === 'from' ? first : undefined}
              aria-invalid={wrong?.end === end}
              aria-describedby={wrong?.end === end ? 'wrong-time' : undefined}
              aria-keyshortcuts={end === 'from' ? '/' : undefined}
              placeholder={end === 'from' ? '2026-11-27 08:18, or 2h' : ''}
              spellCheck={false}
              autoComplete="off"
              value={typed[end]}
              onChange={({ target }) => setTyped({ ...typed, [end]: target.value })}
            />
          </label>
        ))}
        <Button type="submit">Show</Button>
        {wrong && (
          <span role="alert" id="wrong-time" className={styles['wrong']}>
            <span aria-hidden="true">✕ </span>
            {LABELS[wrong.end]}: {wrong.why}
          </span>
        )}
      </form>
    </div>
  );
}
