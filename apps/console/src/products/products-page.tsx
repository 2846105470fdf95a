import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { addressOf } from '../api/read.js';
import type { Product } from '../api/types.js';
import { useKeys } from '../shell/keys.js';
import { Button } from '../ui/button.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { moneyText } from '../ui/money-text.js';
import { Empty, Problem, Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { isOfRow } from '../ui/row-click.js';
import { safeText } from '../ui/safe-text.js';
import { Scroller } from '../ui/scroller.js';
import { Terminal } from '../ui/terminal.js';
import { Ago } from '../ui/time.js';
import { Titles } from '../ui/titles.js';
import { PRODUCTS_PAGE, productsQuery } from './queries.js';
import { StockBar } from './stock-bar.js';
import styles from './products.module.css';

const route = getRouteApi('/products');
const LIST_ONE = `curl -X PUT ${location.origin}/v1/products/mug-green -H 'Content-Type: application/json' -d '{"name":"Mug, green","currency":"EUR","price":1290,"onHand":100}'`;

export function ProductsPage() {
  const { sel } = route.useSearch();
  const navigate = useNavigate();
  const pages = useInfiniteQuery(productsQuery);
  const products = (pages.data?.pages ?? []).flatMap(({ items }) => items);
  useEffect(() => {
    document.title = 'Products · Backstep';
  }, []);
  const commands = [
    'npx backstep products',
    `curl -s '${location.origin}${addressOf('/v1/products', { query: { limit: PRODUCTS_PAGE } })}'`,
  ];
  const selected = products.findIndex(({ sku }) => sku === sel);
  const select = (index: number): void => {
    const product = products[Math.min(Math.max(index, 0), products.length - 1)];
    if (product) void navigate({ to: '/products', search: { sel: product.sku }, replace: true });
  };
  useKeys({
    j: () => select(selected + 1),
    k: () => select(selected - 1),
    Enter: () => {
      if (sel !== undefined && selected >= 0) void navigate({ to: '/products/$sku', params: { sku: sel } });
    },
    Escape: () => void navigate({ to: '/products', search: {}, replace: true }),
    c: () => void copy(commands[0] ?? '', 'the command'),
  });
  return (
    <>
      <header className={common['tightHead']}>
        <h1>Products</h1>
        <p className="muted">
          {products.length > 0 && (
            <>
              {products.length.toLocaleString('en')}
              {pages.hasNextPage ? ' of more' : ''}, by SKU
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
      {pages.error && <Problem error={pages.error} retry={() => void pages.refetch()} />}
      {pages.isPending && !pages.error && <Skeleton rows={12} />}
      {pages.isSuccess && products.length === 0 && (
        <Empty title="No product yet">
          <p>This lists one, in a terminal:</p>
          <code>{LIST_ONE}</code>
          <Button onClick={() => void copy(LIST_ONE, 'the command')}>Copy</Button>
        </Empty>
      )}
      {products.length > 0 && (
        <Scroller label="Products, by SKU" className={styles['scroller']}>
          <table className={styles['table']}>
            <thead>
              <tr>
                <th scope="col">SKU</th>
                <th scope="col">Name</th>
                <th scope="col" className={styles['number']}>
                  Price
                </th>
                <th scope="col">Stock</th>
                <Titles of={['On hand', 'Reserved', 'Available']} className={styles['number']} />
              </tr>
            </thead>
            <tbody>
              {products.map((product, index) => (
                <Row key={product.sku} product={product} isSelected={index === selected} select={() => select(index)} />
              ))}
            </tbody>
          </table>
          {pages.hasNextPage && (
            <Button disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              Show more
            </Button>
          )}
        </Scroller>
      )}
      <Terminal commands={commands} />
    </>
  );
}

interface RowProps {
  readonly product: Product;
  readonly isSelected: boolean;
  readonly select: () => void;
}

function Row({ product, isSelected, select }: RowProps) {
  const { sku, name, price, currency, onHand, reserved, available } = product;
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isSelected]);
  return (
    <tr
      ref={row}
      className={isSelected ? styles['selected'] : ''}
      onClick={(event) => {
        if (isOfRow(event)) select();
      }}
    >
      <td>
        <Link to="/products/$sku" params={{ sku }} className="mono">
          {sku}
        </Link>
      </td>
      <td>{safeText(name)}</td>
      <td className={styles['number']}>{moneyText(price, currency)}</td>
      <td>
        <StockBar stock={product} isTold />
      </td>
      <td className={styles['number']}>{onHand.toLocaleString('en')}</td>
      <td className={styles['number']}>{reserved.toLocaleString('en')}</td>
      <td className={styles['number']}>
        {available === 0 ? (
          <span className={styles['none']}>
            <span aria-hidden="true">⊘ </span>none
          </span>
        ) : (
          available.toLocaleString('en')
        )}
      </td>
    </tr>
  );
}
