import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect } from 'react';
import { addressOf } from '../api/read.js';
import { useKeys } from '../shell/keys.js';
import { Button } from '../ui/button.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { download } from '../ui/download.js';
import { Banner, Empty, Problem, Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { Scroller } from '../ui/scroller.js';
import { Terminal } from '../ui/terminal.js';
import { Ago } from '../ui/time.js';
import { csvOf } from './csv.js';
import { OPERATOR_ACTIONS, type OperationsSearch, operationsSearch } from './operations-search.js';
import { OperationsTable } from './operations-table.js';
import styles from './operations.module.css';
import { OPERATIONS_PAGE, operationsQuery } from './queries.js';

const route = getRouteApi('/operations');

export function OperationsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const pages = useInfiniteQuery(operationsQuery(search));
  const operations = (pages.data?.pages ?? []).flatMap(({ items }) => items);
  const unreachable = [...new Set((pages.data?.pages ?? []).flatMap((page) => page.unreachable))];
  useEffect(() => {
    document.title = 'Operations · Backstep';
  }, []);
  const commands = commandsFor(search);
  const isFiltered = Object.keys(search).length > 0;
  useKeys({
    c: () => void copy(commands[0] ?? '', 'the command'),
    '/': () => document.querySelector<HTMLInputElement>('input[name="by"]')?.focus(),
    Escape: () => void navigate({ to: '/operations', search: {}, replace: true }),
  });
  return (
    <>
      <header className={common['head']}>
        <h1>Operations</h1>
        <p className="muted">
          What operators did, newest first
          {pages.dataUpdatedAt > 0 && (
            <>
              {' '}
              · as of <Ago at={pages.dataUpdatedAt} />
            </>
          )}
        </p>
        <Button
          disabled={operations.length === 0}
          onClick={() => download('operations.csv', 'text/csv', csvOf(operations))}
        >
          Save these {operations.length} as CSV
        </Button>
        <CopyLink />
      </header>
      <Filter search={search} />
      {unreachable.length > 0 && (
        <Banner>{unreachable.join(', ')} does not answer: what operators did there is missing from this list.</Banner>
      )}
      {pages.error && <Problem error={pages.error} retry={() => void pages.refetch()} />}
      {pages.isPending && !pages.error && <Skeleton rows={8} />}
      {pages.isSuccess && operations.length === 0 && unreachable.length === 0 && <Nothing isFiltered={isFiltered} />}
      {operations.length > 0 && (
        <Scroller label="Operations, newest first" className={styles['scroller']}>
          <OperationsTable operations={operations} />
          {pages.hasNextPage && (
            <Button disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              Show {OPERATIONS_PAGE} more
            </Button>
          )}
        </Scroller>
      )}
      <Terminal commands={commands} />
    </>
  );
}

/** Its fields are of the address as soon as they are left or sent: a link shows the same. */
function Filter({ search }: { readonly search: OperationsSearch }) {
  const navigate = useNavigate();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget));
    void navigate({ to: '/operations', search: operationsSearch(given), replace: true });
  };
  return (
    <form key={JSON.stringify(search)} className={styles['filter']} role="search" onSubmit={submit}>
      <label>
        Who
        <input name="by" defaultValue={search.by} placeholder="ada" aria-keyshortcuts="/" />
      </label>
      <label>
        Did
        <select name="action" defaultValue={search.action ?? ''}>
          <option value="">anything</option>
          {OPERATOR_ACTIONS.map((action) => (
            <option key={action}>{action}</option>
          ))}
        </select>
      </label>
      <label>
        To the order
        <input name="orderId" className="mono" defaultValue={search.orderId} placeholder="its id" size={38} />
      </label>
      <Button type="submit">Filter</Button>
      {Object.keys(search).length > 0 && (
        <Link to="/operations" search={{}}>
          Clear
        </Link>
      )}
    </form>
  );
}

function commandsFor({ by, action, orderId }: OperationsSearch): readonly string[] {
  const options = [
    by && `--by '${by.replaceAll("'", "'\\''")}'`,
    action && `--action ${action}`,
    orderId && `--order ${orderId}`,
  ];
  const query = { limit: OPERATIONS_PAGE, ...(by && { by }), ...(action && { action }), ...(orderId && { orderId }) };
  return [
    ['npx backstep operations', ...options.filter(Boolean)].join(' '),
    `curl -s '${location.origin}${addressOf('/v1/operations', { query })}'`,
  ];
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered)
    return (
      <Empty title="Nobody did such a thing">
        <p>
          <Link to="/operations" search={{}}>
            Clear the filter
          </Link>
        </p>
      </Empty>
    );
  return (
    <Empty title="No operator has done anything yet">
      <p>
        <Link to="/sagas" search={{}}>
          The sagas that wait for one
        </Link>
      </p>
    </Empty>
  );
}
