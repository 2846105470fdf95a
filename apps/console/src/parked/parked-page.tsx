import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { addressOf } from '../api/read.js';
import type { ParkedSummary, SettleAction } from '../api/types.js';
import { useKeys } from '../shell/keys.js';
import { Button } from '../ui/button.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { Banner, Empty, Problem, Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { Status } from '../ui/status.js';
import { Terminal } from '../ui/terminal.js';
import { Ago } from '../ui/time.js';
import { ParkedGroups } from './parked-groups.js';
import styles from './parked.module.css';
import { filterOf, PARKED_STATES, type ParkedSearch, placeOf, SERVICES } from './parked-search.js';
import { parkedQuery, parkedSomewhereQuery, queryOf } from './queries.js';
import { ACTION_KEYS, byCause, refusalOf } from './settle.js';
import { SettleSheet } from './settle-sheet.js';

const route = getRouteApi('/parked');
const NOBODY: ReadonlySet<string> = new Set();

interface Opened {
  readonly action: SettleAction;
  readonly targets: readonly ParkedSummary[];
}

export function ParkedPage() {
  const search = route.useSearch();
  const { sel, do: wanted } = search;
  const navigate = useNavigate();
  const pages = useInfiniteQuery(parkedQuery(search));
  const all = useMemo(() => (pages.data?.pages ?? []).flatMap(({ items }) => items), [pages.data]);
  const groups = useMemo(() => byCause(all), [all]);
  const rows = useMemo(() => groups.flatMap(({ messages }) => messages), [groups]);
  const unreachable = [...new Set((pages.data?.pages ?? []).flatMap((page) => page.unreachable))];
  const [chosen, setChosen] = useState(NOBODY);
  const [opened, setOpened] = useState<Opened>();
  const before = useRef(wanted);
  const selected = rows.find(({ id }) => id === sel);
  useEffect(() => {
    document.title = 'Parked · Backstep';
  }, []);

  const go = (next: ParkedSearch): void => void navigate({ to: '/parked', search: next, replace: true });
  const select = (id: string | undefined): void => go({ ...filterOf(search), ...(id !== undefined && { sel: id }) });
  const choose = (ids: readonly string[], isChosen: boolean): void =>
    setChosen((before) => {
      const after = new Set(before);
      for (const id of ids)
        if (isChosen) after.add(id);
        else after.delete(id);
      return after;
    });
  const several = rows.filter((message) => chosen.has(message.id));
  const open = (action: SettleAction, targets: readonly ParkedSummary[]): void => {
    const able = targets.filter((message) => refusalOf(action, message) === undefined);
    const [first] = able;
    if (!first) return;
    setOpened({ action, targets: able });
    go({ ...filterOf(search), sel: sel ?? first.id, do: action });
  };
  // The sheet goes with the action in the address.
  const close = (): void => {
    setChosen(NOBODY);
    go({ ...filterOf(search), ...(sel !== undefined && { sel }) });
  };
  // An address with an action opens its dry run, which does nothing; going back closes it.
  useEffect(() => {
    const was = before.current;
    before.current = wanted;
    if (was && !wanted) setOpened(undefined);
    else if (wanted && !opened && selected && refusalOf(wanted, selected) === undefined)
      setOpened({ action: wanted, targets: [selected] });
  }, [wanted, opened, selected]);

  const at = rows.findIndex(({ id }) => id === sel);
  const step = (by: number): void => select(rows[Math.min(Math.max(at + by, 0), rows.length - 1)]?.id);
  const act = (action: SettleAction): void => open(action, several.length > 0 ? several : selected ? [selected] : []);
  const commands = commandsFor(search, selected);
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    x: () => {
      if (selected && refusalOf('discard', selected) === undefined) choose([selected.id], !chosen.has(selected.id));
    },
    [ACTION_KEYS.replay]: () => act('replay'),
    [ACTION_KEYS.discard]: () => act('discard'),
    Escape: () => select(undefined),
    c: () => void copy(commands[0] ?? '', 'the command'),
  });

  return (
    <>
      <header className={common['head']}>
        <h1>Parked</h1>
        <p className="muted">
          {all.length > 0 && (
            <>
              {all.length.toLocaleString('en')}
              {pages.hasNextPage ? ' of more' : ''} {search.state ?? 'poisoned'}, by cause
            </>
          )}
          {pages.dataUpdatedAt > 0 && (
            <>
              {' '}
              · as of <Ago at={pages.dataUpdatedAt} />
            </>
          )}
        </p>
        <CopyLink />
      </header>
      <Filters search={search} />
      {unreachable.length > 0 && (
        <Banner>{unreachable.join(', ')} did not answer: what is parked there is missing from this page.</Banner>
      )}
      {sel !== undefined && !selected && pages.isSuccess && !opened && <Elsewhere id={sel} search={search} />}
      {pages.error && <Problem error={pages.error} retry={() => void pages.refetch()} />}
      {pages.isPending && !pages.error && <Skeleton rows={8} />}
      {pages.isSuccess && all.length === 0 && <Nothing search={search} isWhole={unreachable.length === 0} />}
      <div className={common['scrolled']}>
        <ParkedGroups
          groups={groups}
          selected={sel}
          chosen={chosen}
          select={select}
          choose={choose}
          act={(action, message) => open(action, [message])}
        />
        {pages.hasNextPage && (
          <p className={styles['more']}>
            <Button disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              Show more
            </Button>
          </p>
        )}
      </div>
      {several.length > 0 && (
        <div className={styles['bulk']} role="group" aria-label="Chosen messages">
          <p>{several.length} chosen</p>
          <Button shortcut={ACTION_KEYS.replay} onClick={() => open('replay', several)}>
            Dry run: replay
          </Button>
          <Button shortcut={ACTION_KEYS.discard} onClick={() => open('discard', several)}>
            Dry run: discard
          </Button>
          <Button onClick={() => setChosen(NOBODY)}>Choose none</Button>
        </div>
      )}
      <Terminal commands={commands} />
      {opened && (
        <SettleSheet
          key={`${opened.action} ${opened.targets.map(({ id }) => id).join(' ')}`}
          action={opened.action}
          targets={opened.targets}
          close={close}
        />
      )}
    </>
  );
}

/** The message of the address is not in the list: says where it is. */
function Elsewhere({ id, search }: { readonly id: string; readonly search: ParkedSearch }) {
  const { service } = search;
  const found = useQuery(parkedSomewhereQuery(id, service));
  if (found.isPending) return null;
  if (found.error)
    return <Banner>The message of the address is not in this list, and nobody can say where it is.</Banner>;
  if (found.data === null)
    return (
      <Banner>
        The message of the address is parked no more: it was handled, or forgotten.{' '}
        <Link to="/operations" search={{}}>
          What operators did
        </Link>{' '}
        says by whom.
      </Banner>
    );
  const { state, service: at } = found.data;
  return (
    <Banner>
      The message of the address is not on this page of the list: it is {state} at {at}.{' '}
      <Link to="/parked" search={placeOf({ id, service: at, state })}>
        Show it there
      </Link>
    </Banner>
  );
}

function Filters({ search }: { readonly search: ParkedSearch }) {
  const { service, state } = search;
  const filter = filterOf(search);
  return (
    <div className={`${common['filters']} ${styles['filters']}`}>
      <nav aria-label="Parked by state">
        {PARKED_STATES.map((one) => (
          <Link
            key={one}
            to="/parked"
            search={{ ...(service && { service }), ...(one !== 'poisoned' && { state: one }) }}
            aria-current={(state ?? 'poisoned') === one ? 'page' : undefined}
          >
            <Status of={one} />
          </Link>
        ))}
      </nav>
      <nav aria-label="Parked by service">
        <Link
          to="/parked"
          search={{ ...(state && { state }) }}
          aria-current={service === undefined ? 'page' : undefined}
        >
          all services
        </Link>
        {SERVICES.map((one) => (
          <Link
            key={one}
            to="/parked"
            search={{ ...filter, service: one }}
            aria-current={service === one ? 'page' : undefined}
          >
            {one}
          </Link>
        ))}
      </nav>
    </div>
  );
}

function commandsFor(search: ParkedSearch, selected: ParkedSummary | undefined): readonly string[] {
  const { service } = search;
  const query = queryOf(search);
  const list = [
    `npx backstep parked --state ${query.state}${service ? ` --service ${service}` : ''}`,
    `curl -s '${location.origin}${addressOf('/v1/parked', { query })}'`,
  ];
  if (!selected || selected.state !== 'poisoned') return list;
  const action = selected.cut ? 'discard' : 'replay';
  return [`npx backstep parked ${action} ${selected.id} --service ${selected.service} --dry-run`, ...list];
}

function Nothing({ search, isWhole }: { readonly search: ParkedSearch; readonly isWhole: boolean }) {
  const { service, state } = search;
  if (!isWhole) return <Empty title="Nothing is parked at the services that answered" />;
  if (service || (state && state !== 'poisoned'))
    return (
      <Empty title={`Nothing is ${state ?? 'poisoned'}${service ? ` at ${service}` : ''}`}>
        <p>
          <Link to="/parked" search={{}}>
            Clear the filter
          </Link>
        </p>
      </Empty>
    );
  return (
    <Empty title="Nothing is parked.">
      <p>
        Every message that came was handled, or waits in Kafka. What cannot be handled would be here, with its cause.
      </p>
    </Empty>
  );
}
