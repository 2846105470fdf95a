import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { addressOf } from '../api/read.js';
import type { SagaAction, SagaSummary } from '../api/types.js';
import { announce } from '../shell/announce.js';
import { useKeys } from '../shell/keys.js';
import { Button } from '../ui/button.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { Empty, Problem, Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { Status } from '../ui/status.js';
import { Terminal } from '../ui/terminal.js';
import { Ago } from '../ui/time.js';
import { BulkSheet } from './bulk-sheet.js';
import { TARGETS_MAX } from './bulk.js';
import { sagasAreShown } from '../shell/came-from.js';
import { newestSagasQuery, sagasQuery, SAGAS_PAGE, waitingSagasQuery } from './queries.js';
import { RepairSheet } from './repair-sheet.js';
import { SAGA_ACTIONS, SAGA_STATES, type SagasSearch, without } from './sagas-search.js';
import { SagasList } from './sagas-list.js';
import styles from './sagas.module.css';
import { workList } from './work-list.js';

const route = getRouteApi('/sagas');
const NONE: readonly SagaSummary[] = [];

export function SagasPage() {
  const search = route.useSearch();
  const { state, type, sel } = search;
  const navigate = useNavigate();
  const client = useQueryClient();
  const filter = { state, type };
  const waiting = useQuery(waitingSagasQuery(filter));
  const pages = useInfiniteQuery(sagasQuery(filter));
  const newest = useQuery(newestSagasQuery(filter));
  const list = useMemo(
    () =>
      workList(
        waiting.data?.items ?? NONE,
        (pages.data?.pages ?? []).map(({ items }) => items),
        newest.data?.items ?? NONE,
      ),
    [waiting.data, pages.data, newest.data],
  );
  const sagas = useMemo(() => [...list.waiting, ...list.others], [list]);
  const [chosen, setChosen] = useState<ReadonlyMap<string, SagaSummary>>(new Map());
  const [bulk, setBulk] = useState<SagaAction>();
  useEffect(() => {
    document.title = `${list.waiting.length > 0 ? `(${list.waiting.length}) ` : ''}Sagas · Backstep`;
    if (list.waiting.length > 0) announce(`${list.waiting.length} sagas wait for an operator.`);
  }, [list.waiting.length]);
  useEffect(() => sagasAreShown({ state, type }), [state, type]);
  const change = (next: SagasSearch): void => void navigate({ to: '/sagas', search: next, replace: true });
  const selected = sagas.findIndex(({ id }) => id === sel);
  const select = (index: number): void => {
    const saga = sagas[Math.min(Math.max(index, 0), sagas.length - 1)];
    if (saga) change({ ...without(search, 'do'), sel: saga.id });
  };
  const choose = (saga: SagaSummary | undefined): void => {
    if (!saga || saga.legalActions.length === 0) return;
    const next = new Map(chosen);
    if (!next.delete(saga.id) && next.size < TARGETS_MAX) next.set(saga.id, saga);
    setChosen(next);
  };
  const open = (saga: SagaSummary, action: SagaAction): void => change({ ...search, sel: saga.id, do: action });
  const act = (action: SagaAction): void => {
    const saga = sagas[selected];
    if (chosen.size > 0) setBulk(action);
    else if (!saga) announce('Select a saga first: j goes to the next row.');
    else if (saga.legalActions.includes(action)) open(saga, action);
    else announce(`${action} is not legal for this saga now.`);
  };
  // The first page anew, and no further ones: what was scrolled past is read again when it is scrolled to.
  const showNewer = (): void => void client.resetQueries({ queryKey: sagasQuery(filter).queryKey });
  const commands = commandsFor(search);
  useKeys({
    j: () => select(selected + 1),
    k: () => select(selected - 1),
    Enter: () => {
      if (sel && selected >= 0) void navigate({ to: '/sagas/$sagaId', params: { sagaId: sel }, search: {} });
    },
    Escape: () => (chosen.size > 0 ? setChosen(new Map()) : change(without(search, 'sel', 'do'))),
    r: () => act('retry'),
    s: () => act('skip'),
    b: () => act('compensate'),
    a: () => act('abandon'),
    x: () => choose(sagas[selected]),
    n: showNewer,
    c: () => void copy(commands[0] ?? '', 'the command'),
  });
  const error = waiting.error ?? pages.error ?? newest.error;
  return (
    <>
      <header className={common['head']}>
        <h1>Sagas</h1>
        <p className="muted">
          {waiting.isSuccess && (
            <>
              {list.waiting.length === 0
                ? 'Nothing waits for an operator'
                : `${list.waiting.length} wait for an operator`}
              {waiting.data.nextCursor !== null && ' or more'}
            </>
          )}
          {newest.dataUpdatedAt > 0 && (
            <>
              {' '}
              · as of <Ago at={newest.dataUpdatedAt} />
            </>
          )}
        </p>
        {list.newer > 0 && (
          <Button shortcut="n" onClick={showNewer}>
            Show {list.newer === SAGAS_PAGE ? `${list.newer} or more` : list.newer} new
          </Button>
        )}
        <CopyLink />
      </header>
      <Filters search={search} />
      {chosen.size > 0 && (
        <section className={styles['chosen']} aria-label="Chosen sagas">
          <span>
            {chosen.size} of at most {TARGETS_MAX} chosen
          </span>
          {SAGA_ACTIONS.map((action) => {
            const legal = [...chosen.values()].filter(({ legalActions }) => legalActions.includes(action)).length;
            return (
              <Button key={action} disabled={legal === 0} onClick={() => setBulk(action)}>
                {action} {legal}
              </Button>
            );
          })}
          <Button onClick={() => setChosen(new Map())}>Choose none</Button>
        </section>
      )}
      {error && (
        <Problem error={error} retry={() => void Promise.all([waiting.refetch(), pages.refetch(), newest.refetch()])} />
      )}
      {pages.isPending && !error && <Skeleton rows={12} />}
      {pages.isSuccess && sagas.length === 0 && <NoSagas search={search} />}
      {sagas.length > 0 && (
        <SagasList
          sagas={sagas}
          selected={selected}
          select={select}
          chosen={new Set(chosen.keys())}
          choose={choose}
          open={open}
          hasMore={pages.hasNextPage && !pages.isFetchNextPageError}
          more={() => {
            if (!pages.isFetchingNextPage) void pages.fetchNextPage();
          }}
        />
      )}
      <Terminal commands={commands} />
      {sel && search.do && (
        <RepairSheet
          sagaId={sel}
          action={search.do}
          choose={(next) => {
            if (next) change({ ...search, do: next });
            // Where all four actions are, with the reasons of those that are not legal.
            else void navigate({ to: '/sagas/$sagaId', params: { sagaId: sel }, search: {} });
          }}
          close={() => change(without(search, 'do'))}
        />
      )}
      {bulk && (
        <BulkSheet
          action={bulk}
          sagas={[...chosen.values()]}
          close={() => {
            setBulk(undefined);
            setChosen(new Map());
          }}
        />
      )}
    </>
  );
}

function Filters({ search }: { readonly search: SagasSearch }) {
  const { state, type } = search;
  return (
    <nav className={`${common['filters']} ${styles['filters']}`} aria-label="Sagas by state">
      <Link
        to="/sagas"
        search={type ? { type } : {}}
        activeOptions={{ exact: true }}
        aria-current={state ? undefined : 'page'}
      >
        all
      </Link>
      {SAGA_STATES.map((one) => (
        <Link
          key={one}
          to="/sagas"
          search={{ state: one, ...(type && { type }) }}
          activeOptions={{ exact: true }}
          aria-current={state === one ? 'page' : undefined}
        >
          <Status of={one} />
        </Link>
      ))}
      {type && (
        <Link to="/sagas" search={state ? { state } : {}} activeOptions={{ exact: true }}>
          {type} ×<span className="unseen"> (clear this filter)</span>
        </Link>
      )}
    </nav>
  );
}

function commandsFor({ state, type }: SagasSearch): readonly string[] {
  const query = { ...(state && { state }), ...(type && { type }) };
  return [
    `npx backstep sagas${state ? ` --state ${state}` : ''}${type ? ` --type ${type}` : ''}`,
    `curl -s '${location.origin}${addressOf('/v1/sagas', { query: { ...query, waitsFor: 'operator' } })}'`,
    'npx backstep operations',
  ];
}

function NoSagas({ search: { state, type } }: { readonly search: SagasSearch }) {
  if (state === 'STUCK')
    return (
      <Empty title="Nothing is stuck">
        <p>
          <Link to="/operations" search={{}}>
            What operators did last
          </Link>
        </p>
      </Empty>
    );
  if (state || type)
    return (
      <Empty title={`No saga is ${state ?? `a ${type}`}`}>
        <p>
          <Link to="/sagas" search={{}}>
            Clear the filter
          </Link>
        </p>
      </Empty>
    );
  return (
    <Empty title="No saga yet">
      <p>Each order has one. This places one, in a terminal:</p>
      <code>npx backstep order place --sku teapot</code>
    </Empty>
  );
}
