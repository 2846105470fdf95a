import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { ProblemError } from '../api/read.js';
import { newRequestKey } from '../api/request-key.js';
import { BEGINS_WITH, systemQuery } from '../api/system-query.js';
import { productsQuery } from '../products/queries.js';
import { useKeys } from '../shell/keys.js';
import { Button } from '../ui/button.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { curlOf } from '../ui/curl.js';
import { Banner, Empty, Problem, Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { safeText } from '../ui/safe-text.js';
import { Terminal } from '../ui/terminal.js';
import { Answers } from './answers.js';
import { Cards } from './cards.js';
import { Cart } from './cart.js';
import { circumstancesOf } from './circumstances.js';
import { COUNTRIES, countryName, newOrder } from './new-order.js';
import { OrderInPlace } from './order-in-place.js';
import { pathOf, startedBy } from './path.js';
import { PathView } from './path-view.js';
import { type Exchange, LAST_ITEM, place } from './place.js';
import {
  cartOf,
  cartText,
  DEFAULT_CARD,
  DEFAULT_COUNTRY,
  playgroundSearch,
  type PlaygroundSearch,
} from './playground-search.js';
import { RunView } from './run-view.js';
import { useRuns } from './use-runs.js';
import styles from './playground.module.css';

const route = getRouteApi('/playground');
/** The first service of every order: it tells of it. */
const PLACED_AT = 'order';
/** As the API has it. A header takes no other characters. */
const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;
const MANY = 50;
const BUYERS = 100;
/** Older ones are dropped from the page; the orders stay. */
const EXCHANGES_MAX = 10;

export function PlaygroundPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const system = useQuery(systemQuery);
  const pages = useInfiniteQuery(productsQuery);
  const [key, setKey] = useState(() => newRequestKey());
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([]);
  const [isPlacing, setPlacing] = useState(false);
  const count = useRef(0);
  const { run, begin, stop } = useRuns();
  useEffect(() => {
    document.title = 'Playground · Backstep';
  }, []);
  const products = (pages.data?.pages ?? []).flatMap(({ items }) => items);
  const first = products.find(({ available }) => available > 0) ?? products[0];
  const { card = DEFAULT_CARD, country = DEFAULT_COUNTRY, order } = search;
  const cart = search.cart ? cartOf(search.cart) : first ? [{ sku: first.sku, quantity: 1 }] : [];
  const body = newOrder(cart, card, country);
  const isKey = KEY.test(key);
  const change = (next: PlaygroundSearch): void =>
    void navigate({ to: '/playground', search: (now) => playgroundSearch({ ...now, ...next }), replace: true });
  /** One after the other: the second is answered from what the first has left. */
  const send = async (times: 1 | 2): Promise<void> => {
    if (isPlacing || !isKey || cart.length === 0) return;
    setPlacing(true);
    try {
      for (let sent = 0; sent < times; sent += 1) {
        const exchange = await place((count.current += 1), key, body);
        setExchanges((before) => [exchange, ...before].slice(0, EXCHANGES_MAX));
        const { answer } = exchange;
        if (answer instanceof ProblemError) return;
        change({ order: answer.order.id });
      }
      // The next order is another one. A key that somebody has typed is in the answers.
      setKey(newRequestKey());
    } finally {
      setPlacing(false);
    }
  };
  const commands = [commandFor(cart, card, country, key), curlFor(key, body)];
  useCtrlEnter(() => void send(1));
  useKeys({ c: () => void copy(commands[0] ?? '', 'the command') });
  const definition = startedBy(BEGINS_WITH, system.data?.definitions ?? []);
  const testCard = system.data?.testCards.find(({ id }) => id === card);
  const notServed = system.data?.notServed ?? [];
  const path =
    definition && pathOf(definition, circumstancesOf({ cart, card: testCard, country, notServed, products }));
  const error = pages.error ?? system.error;
  const isRunning = run?.isSending ?? false;
  return (
    <div className={common['page']}>
      <header className={common['head']}>
        <h1>Playground</h1>
        <p className="muted">Real orders, with cards that misbehave on demand.</p>
        <CopyLink />
      </header>
      {error && <Problem error={error} retry={() => void Promise.all([pages.refetch(), system.refetch()])} />}
      {pages.isPending && !error && <Skeleton />}
      {pages.isSuccess && products.length === 0 && (
        <Empty title="No product yet">
          <p>
            An order needs a product: <code>npm start</code> lists some.
          </p>
        </Empty>
      )}
      {cart.length > 0 && (
        <div className={styles['columns']}>
          <form
            className={styles['form']}
            aria-label="The order"
            onSubmit={(event) => {
              event.preventDefault();
              void send(1);
            }}
          >
            <Cart cart={cart} products={products} change={(lines) => change({ cart: cartText(lines) })} />
            {system.data && <Cards cards={system.data.testCards} chosen={card} choose={(id) => change({ card: id })} />}
            <fieldset className={styles['group']}>
              <legend>Where to, and which key</legend>
              <label>
                Country
                <select value={country} onChange={({ target }) => change({ country: target.value })}>
                  {[...new Set([...COUNTRIES, country])].map((code) => (
                    <option key={code} value={code}>
                      {countryName(code)} ({code})
                      {notServed.some((one) => one.country === code) ? ' · ✕ the carrier refuses' : ''}
                    </option>
                  ))}
                </select>
              </label>
              <label>
                Idempotency-Key
                <input
                  className="mono"
                  value={key}
                  maxLength={255}
                  spellCheck={false}
                  autoComplete="off"
                  aria-invalid={!isKey}
                  aria-describedby="key-hint"
                  onChange={({ target }) => setKey(target.value)}
                />
              </label>
              <p id="key-hint" className={isKey ? 'muted' : styles['warns']}>
                {isKey
                  ? 'The same key with the same order is the same order.'
                  : '✕ 1 to 255 printable ASCII characters.'}
              </p>
              <Button onClick={() => setKey(newRequestKey())}>New key</Button>
            </fieldset>
            <div className={styles['buttons']}>
              <Button type="submit" shortcut="Ctrl Enter" disabled={isPlacing || !isKey}>
                Place the order
              </Button>
              <Button disabled={isPlacing || !isKey} onClick={() => void send(2)}>
                Send twice
              </Button>
              <Button disabled={isRunning} onClick={() => void begin({ title: `${MANY} orders`, total: MANY, body })}>
                × {MANY}
              </Button>
              <Button
                disabled={isRunning}
                onClick={() =>
                  void begin({
                    title: `The last item, ${BUYERS} buyers`,
                    total: BUYERS,
                    body: newOrder([{ sku: LAST_ITEM.sku, quantity: 1 }], DEFAULT_CARD, DEFAULT_COUNTRY),
                    ofLastItem: true,
                  })
                }
              >
                Last item, {BUYERS} buyers
              </Button>
            </div>
          </form>
          <div className={styles['shown']}>
            {path && (
              <PathView
                path={path}
                from={PLACED_AT}
                notes={testCard && testCard.id !== DEFAULT_CARD ? { payment: `the card ${testCard.does}` } : {}}
              />
            )}
            {system.data?.definitions === null && (
              <Banner>
                The orchestrator does not answer: which way the order will take is not known. It is placed all the same.
              </Banner>
            )}
            {run && <RunView key={run.number} run={run} stop={stop} />}
            {order !== undefined && <OrderInPlace key={order} orderId={order} />}
            {exchanges.length > 0 && <Answers exchanges={exchanges} />}
          </div>
        </div>
      )}
      <Terminal commands={commands} />
    </div>
  );
}

const commandFor = (cart: ReturnType<typeof cartOf>, card: string, country: string, key: string): string =>
  [
    'npx backstep order place',
    ...cart.map(({ sku, quantity }) => `--sku ${sku}:${quantity}`),
    `--card ${card} --country ${country} --key ${safeText(key)}`,
  ].join(' ');

const curlFor = (key: string, body: object): string =>
  curlOf({ method: 'POST', url: `${location.origin}/v1/orders`, headers: { 'Idempotency-Key': key }, body });

/** Also while somebody types: it is no key of a control. */
function useCtrlEnter(act: () => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return;
      if (event.target instanceof Element && event.target.closest('[role="dialog"]')) return;
      event.preventDefault();
      latest.current();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}
