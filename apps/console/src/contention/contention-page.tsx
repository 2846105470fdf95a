import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Contention } from '../api/types.js';
import { useKeys } from '../shell/keys.js';
import { useIsBeside } from '../shell/use-inspector.js';
import { useAnswers } from '../stream/use-answers.js';
import { useIsTold } from '../stream/use-stream.js';
import { Button } from '../ui/button.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { Banner, Empty, Problem, Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { Terminal } from '../ui/terminal.js';
import { Ago } from '../ui/time.js';
import { commandsFor } from './commands.js';
import { type ContentionSearch, keyOf, nextWindow, secondsOf, WINDOWS, withWindow } from './contention-search.js';
import { entitiesOf, heatOf, sumOf } from './heat.js';
import { HeatMap } from './heat-map.js';
import { KEY_TITLE, KeyPanel } from './key-panel.js';
import { Level } from './level.js';
import { CONTENTION_KEY, contentionQuery } from './queries.js';
import { EntitiesTable, HeatTable, KeysTable } from './tables.js';
import styles from './contention.module.css';

const route = getRouteApi('/contention');

/** What writes lose to each other, and which keys are locked for it. */
export function ContentionPage() {
  const search = route.useSearch();
  const { sel } = search;
  const seconds = secondsOf(search.window);
  const navigate = useNavigate();
  const { data, error, isPending, refetch } = useQuery(contentionQuery(useIsTold()));
  useAnswers({ contention: CONTENTION_KEY });
  const isBeside = useIsBeside();
  const heat = data && heatOf(data, seconds);
  const rows = heat?.rows ?? [];
  const named = sel === undefined ? undefined : keyOf(sel);
  useEffect(() => {
    document.title = 'Contention · Backstep';
  }, []);

  const go = (next: ContentionSearch): void => void navigate({ to: '/contention', search: next, replace: true });
  const select = (one: string | undefined): void =>
    go({ ...withWindow(seconds), ...(one !== undefined && { sel: one }) });
  const another = (): void => go({ ...withWindow(nextWindow(seconds)), ...(sel !== undefined && { sel }) });
  const at = rows.findIndex((row) => row.sel === sel);
  const step = (by: number): void => {
    const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (next) select(next.sel);
  };
  const commands = commandsFor(sel);
  useKeys({
    w: another,
    j: () => step(1),
    k: () => step(-1),
    Enter: () => document.getElementById(KEY_TITLE)?.focus(),
    Escape: () => select(undefined),
    c: () => void copy(commands[0] ?? '', 'the command'),
  });

  return (
    <div className={common['page']}>
      <header className={common['tightHead']}>
        <h1>Contention</h1>
        {data && (
          <p className="muted">
            as of <Ago at={Date.parse(data.takenAt)} />
          </p>
        )}
        <nav aria-label="How far back" className={styles['windows']}>
          {WINDOWS.map((one) => (
            <Link
              key={one}
              to="/contention"
              search={{ ...(sel !== undefined && { sel }), ...withWindow(one) }}
              aria-current={one === seconds ? 'page' : undefined}
            >
              {one} s
            </Link>
          ))}
        </nav>
        <Button shortcut="w" onClick={another}>
          Another window
        </Button>
        <CopyLink />
      </header>
      {data && data.unreachable.length > 0 && (
        <Banner>{data.unreachable.join(', ')} did not answer: what is written there is missing from this page.</Banner>
      )}
      {error && <Problem error={error} retry={() => void refetch()} />}
      {isPending && !error && <Skeleton />}
      {data && <Services services={data.services} />}
      {data && heat && (
        <>
          {rows.length === 0 ? (
            <Nothing contention={data} seconds={seconds} />
          ) : (
            <>
              <HeatMap heat={heat} selected={sel} select={select} />
              <KeysTable heat={heat} search={search} />
              <HeatTable heat={heat} />
            </>
          )}
          {named && !isBeside && <KeyPanel key={sel} of={named} listed={rows[at]?.hot} takenAt={data.takenAt} />}
          <Entities contention={data} seconds={seconds} />
        </>
      )}
      <Terminal commands={commands} />
    </div>
  );
}

function Services({ services }: Pick<Contention, 'services'>) {
  return (
    <ul className={styles['services']} aria-label="How contended each service is, in the minute">
      {services.map(({ service, status, instances }) => (
        <li key={service}>
          {service} <Level of={status} />{' '}
          <span className="muted">
            {instances} {instances === 1 ? 'instance' : 'instances'}
          </span>
        </li>
      ))}
    </ul>
  );
}

interface Shown {
  readonly contention: Contention;
  readonly seconds: number;
}

function Entities({ contention, seconds }: Shown) {
  const entities = entitiesOf(contention, seconds);
  if (entities.length === 0) return null;
  return (
    <section>
      <h2 className={styles['pad']}>What is written</h2>
      <EntitiesTable entities={entities} />
    </section>
  );
}

/** Nothing conflicts: that many writes say so. */
function Nothing({ contention, seconds }: Shown) {
  const { attempts, lost } = sumOf(entitiesOf(contention, seconds));
  const counted = `${attempts.toLocaleString('en')} ${attempts === 1 ? 'write' : 'writes'}`;
  if (lost > 0)
    return (
      <Empty title="No key conflicts now">
        <p>
          In {seconds} s {lost.toLocaleString('en')} of {counted} met a conflict; since then no key has.
        </p>
      </Empty>
    );
  return (
    <Empty title={`No conflict in ${seconds} s`}>
      <p>
        {counted} {attempts === 1 ? 'was' : 'were'} counted. A row that two want at the same time would be here.
      </p>
      <p>
        <Link to="/playground" search={{}}>
          To the playground
        </Link>
      </p>
    </Empty>
  );
}
