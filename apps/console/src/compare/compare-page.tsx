import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ProblemError } from '../api/read.js';
import { type OrderSeen, useOrder } from '../order/use-order.js';
import { useKeys } from '../shell/keys.js';
import { Button } from '../ui/button.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { Banner, Problem, Skeleton, TokenForm } from '../ui/notices.js';
import { safeText } from '../ui/safe-text.js';
import { Terminal } from '../ui/terminal.js';
import { ChooseOrder } from './choose-order.js';
import { type CompareSearch, swapped, without } from './compare-search.js';
import styles from './compare.module.css';
import { FactsTable } from './facts-table.js';
import { StepsTable } from './steps-table.js';

const route = getRouteApi('/orders/compare');

/** Two orders beside each other: why one ended otherwise, or took longer. */
export function ComparePage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { a, b } = search;
  useEffect(() => {
    document.title = 'Compare two orders · Backstep';
  }, []);
  const commands =
    a !== undefined && b !== undefined ? [`diff <(npx backstep events ${a}) <(npx backstep events ${b})`] : [];
  useKeys({
    s: () => void navigate({ to: '/orders/compare', search: swapped(search), replace: true }),
    c: () => void copy(commands[0] ?? location.href, 'the command'),
    Escape: () => void navigate({ to: '/orders', search: { ...(a !== undefined && { sel: a }) } }),
  });
  return (
    <>
      <header className={styles['head']}>
        <p className="muted">
          <Link to="/orders" search={{}}>
            Orders
          </Link>{' '}
          /
        </p>
        <h1>Compare two orders</h1>
        <Chosen name="a" search={search} />
        <Chosen name="b" search={search} />
        <Button
          shortcut="s"
          disabled={a === undefined && b === undefined}
          onClick={() => void navigate({ to: '/orders/compare', search: swapped(search), replace: true })}
        >
          Swap
        </Button>
        <CopyLink />
      </header>
      {a === undefined || b === undefined ? (
        <ChooseOrder search={search} />
      ) : (
        <Compared key={`${a} ${b}`} a={a} b={b} />
      )}
      {commands.length > 0 && <Terminal commands={commands} />}
    </>
  );
}

/** One of the two, and the way to another one. */
function Chosen({ name, search }: { readonly name: 'a' | 'b'; readonly search: CompareSearch }) {
  const id = search[name];
  return (
    <p className={styles['chosen']}>
      <strong>{name}</strong>{' '}
      {id === undefined ? (
        <span className="muted">to be chosen</span>
      ) : (
        <>
          <Link to="/orders/$orderId" params={{ orderId: id }} search={{}} className="mono">
            {id}
          </Link>{' '}
          <Link to="/orders/compare" search={without(search, name)}>
            another<span className="unseen"> order as {name}</span>
          </Link>
        </>
      )}
    </p>
  );
}

function Compared({ a, b }: Required<CompareSearch>) {
  const [one, other] = [useOrder(a), useOrder(b)];
  return (
    <div className={styles['body']}>
      <Gaps name="a" id={a} seen={one} />
      <Gaps name="b" id={b} seen={other} />
      {one.order && other.order ? (
        <>
          {a === b && <Banner>Both are the same order.</Banner>}
          <FactsTable a={{ order: one.order, lanes: one.lanes }} b={{ order: other.order, lanes: other.lanes }} />
          <StepsTable a={{ order: one.order, lanes: one.lanes }} b={{ order: other.order, lanes: other.lanes }} />
        </>
      ) : (
        (one.isPending || other.isPending) && <Skeleton />
      )}
    </div>
  );
}

interface GapsProps {
  readonly name: 'a' | 'b';
  readonly id: string;
  readonly seen: OrderSeen;
}

/** What is not known of one of them, and so may look like a difference. */
function Gaps({ name, id, seen: { order, evidence, error, isPending, isComplete, needsToken, retry } }: GapsProps) {
  const missing = (evidence?.missing ?? []).map(({ source, what }) => `${source} (${what})`);
  return (
    <>
      {error && <Problem error={isNone(error) ? noOrder(name, id, error) : error} retry={retry} />}
      {!error && !order && !isPending && <Banner>The order service does not answer: {name} is not known.</Banner>}
      {missing.length > 0 && (
        <Banner>
          Not known of {name}, as it does not answer: {safeText(missing.join('; '))}.
        </Banner>
      )}
      {order && order.sagas === null && (
        <Banner>
          The orchestrator does not answer: the messages of {name} are shown by their types, not by steps.
        </Banner>
      )}
      {order && !isComplete && <Banner>Not all messages of {name} were read: there may be more.</Banner>}
      {needsToken && name === 'a' && (
        <>
          <Banner>
            What the services know of an order is for operators. Without it, steps have what messages say.
          </Banner>
          <TokenForm retry={retry} />
        </>
      )}
    </>
  );
}

const isNone = (error: Error): error is ProblemError => error instanceof ProblemError && error.status === 404;

const noOrder = (name: string, id: string, { requestId }: ProblemError): ProblemError =>
  new ProblemError(
    404,
    { title: `There is no order ${name}`, detail: `${id} is the id of none: choose another.` },
    requestId,
  );
