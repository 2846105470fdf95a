import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { addressOf, ProblemError } from '../api/read.js';
import type { Saga, SagaAction } from '../api/types.js';
import { announce } from '../shell/announce.js';
import { useKeys } from '../shell/keys.js';
import { Button } from '../ui/button.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { NeighbourButtons } from '../ui/neighbour-buttons.js';
import { Problem, Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { safeText } from '../ui/safe-text.js';
import { Status } from '../ui/status.js';
import { Terminal } from '../ui/terminal.js';
import { Ago, Time } from '../ui/time.js';
import { sagasShownLast } from '../shell/came-from.js';
import { sagaQuery, searchOf } from './queries.js';
import { RepairSheet } from './repair-sheet.js';
import { ACTION_KEYS } from './repair.js';
import { SAGA_ACTIONS } from './sagas-search.js';
import { OperationsTable, StepsTable } from './saga-tables.js';
import { useSagaNeighbours } from './use-saga-neighbours.js';
import { awaitedBy } from './work-list.js';
import styles from './sagas.module.css';

const route = getRouteApi('/sagas/$sagaId');

export function SagaPage() {
  const { sagaId } = route.useParams();
  const { do: action } = route.useSearch();
  const navigate = useNavigate();
  const saga = useQuery(sagaQuery(sagaId));
  const state = saga.data?.state;
  useEffect(() => {
    document.title = `${state ? `${state} · ` : ''}saga ${sagaId.slice(-8)} · Backstep`;
    if (state) announce(`Saga ${sagaId.slice(-8)} is ${state}.`);
  }, [sagaId, state]);
  const open = (next: SagaAction | undefined): void =>
    void navigate({ to: '/sagas/$sagaId', params: { sagaId }, search: next ? { do: next } : {}, replace: true });
  const tryOut = (wanted: SagaAction): void => {
    if (saga.data?.legalActions.includes(wanted)) open(wanted);
    else announce(`${wanted} is not legal now.`);
  };
  const commands = [
    `npx backstep saga ${sagaId}`,
    ...(saga.data?.legalActions ?? []).map((one) => `npx backstep saga ${sagaId} ${one} --dry-run`),
    `curl -s ${location.origin}${addressOf('/v1/sagas/{sagaId}', { path: { sagaId } })}`,
  ];
  const neighbours = useSagaNeighbours(sagaId);
  useKeys({
    r: () => tryOut('retry'),
    s: () => tryOut('skip'),
    b: () => tryOut('compensate'),
    a: () => tryOut('abandon'),
    c: () => void copy(commands[0] ?? '', 'the command'),
    Escape: () => void navigate({ to: '/sagas', search: { ...searchOf(sagasShownLast()), sel: sagaId } }),
  });
  return (
    <>
      <header className={common['head']}>
        <p className="muted">
          <Link to="/sagas" search={{ ...searchOf(sagasShownLast()), sel: sagaId }}>
            Sagas
          </Link>{' '}
          /
        </p>
        <h1 className={common['id']}>
          <span className="unseen">Saga </span>
          {safeText(sagaId)}
        </h1>
        <Button onClick={() => void copy(sagaId, 'the id')}>Copy id</Button>
        <NeighbourButtons {...neighbours} />
        <CopyLink />
      </header>
      {saga.error && <Problem error={asOfSaga(saga.error)} retry={() => void saga.refetch()} />}
      {saga.isPending && !saga.error && <Skeleton />}
      {saga.data && (
        <div className={common['scrolled']}>
          <Facts saga={saga.data} />
          <section className={styles['bar']} aria-label="What an operator may do">
            {SAGA_ACTIONS.filter((one) => saga.data.legalActions.includes(one)).map((one) => (
              <Button key={one} shortcut={ACTION_KEYS[one]} onClick={() => open(one)}>
                {one}
              </Button>
            ))}
            {saga.data.legalActions.length === 0 && <p className="muted">It has ended: nothing can be done to it.</p>}
          </section>
          <RefusedActions saga={saga.data} />
          <StepsTable saga={saga.data} />
          <OperationsTable saga={saga.data} />
        </div>
      )}
      <Terminal commands={commands} />
      {action && <RepairSheet sagaId={sagaId} action={action} choose={open} close={() => open(undefined)} />}
    </>
  );
}

/** 404 means the saga, and an id is mistyped sooner than a saga is lost. */
const asOfSaga = (error: Error): Error =>
  error instanceof ProblemError && error.status === 404
    ? new ProblemError(
        404,
        {
          title: 'There is no such saga',
          detail: 'Is the id whole? It has 36 characters. A saga that has ended well is deleted after some months.',
        },
        error.requestId,
      )
    : error;

function Facts({ saga }: { readonly saga: Saga }) {
  const { state, type, definitionVersion, version, orderId, createdAt, updatedAt, deadlineAt, awaiting } = saga;
  const cause = [
    saga.blockedBecause,
    saga.stuckBecause,
    saga.failure && `${saga.failure.code}: ${saga.failure.message}`,
  ];
  return (
    <dl className={`${common['facts']} ${styles['facts']}`}>
      <Fact name="State">
        <Status of={state} />
      </Fact>
      {cause.map(
        (one) =>
          one && (
            <Fact key={one} name="Because">
              {safeText(one)}
            </Fact>
          ),
      )}
      {awaiting && (
        <Fact name="Waits for">
          {safeText(awaitedBy(saga))}, sent {awaiting.attempts} {awaiting.attempts === 1 ? 'time' : 'times'}
        </Fact>
      )}
      <Fact name="Order">
        <Link to="/orders/$orderId" params={{ orderId }} search={{}} className="mono">
          {orderId}
        </Link>
      </Fact>
      <Fact name="Saga">
        {safeText(type)}, definition {definitionVersion}
      </Fact>
      <Fact name="Version">v{version}</Fact>
      <Fact name="Began">
        <Moment at={createdAt} />
      </Fact>
      <Fact name="Moved">
        <Moment at={updatedAt} />
      </Fact>
      {deadlineAt !== null && (
        <Fact name="Deadline">
          <Time at={Date.parse(deadlineAt)} />
        </Fact>
      )}
    </dl>
  );
}

const Moment = ({ at }: { readonly at: string }) => (
  <>
    <Time at={Date.parse(at)} />{' '}
    <span className="muted">
      <Ago at={Date.parse(at)} />
    </span>
  </>
);

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

function RefusedActions({ saga }: { readonly saga: Saga }) {
  if (saga.refusedActions.length === 0) return null;
  return (
    <details className={styles['refused']}>
      <summary>Not legal now: {saga.refusedActions.map(({ action }) => action).join(', ')}</summary>
      <ul>
        {saga.refusedActions.map(({ action, because }) => (
          <li key={action}>
            {action}: {safeText(because)}
          </li>
        ))}
      </ul>
    </details>
  );
}
