import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ProblemError } from '../api/read.js';
import { useKeys } from '../shell/keys.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { curlOf } from '../ui/curl.js';
import { moneyText } from '../ui/money-text.js';
import { Banner, Problem, Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { safeText } from '../ui/safe-text.js';
import { Terminal } from '../ui/terminal.js';
import { Ago } from '../ui/time.js';
import { AdjustStock } from './adjust-stock.js';
import { EditProduct } from './edit-product.js';
import { productQuery } from './queries.js';
import { stockShares } from './stock.js';
import { StockBar } from './stock-bar.js';
import styles from './products.module.css';

const route = getRouteApi('/products/$sku');

export function ProductPage() {
  const { sku } = route.useParams();
  const navigate = useNavigate();
  const { data: product, error, refetch, isPending, dataUpdatedAt } = useQuery(productQuery(sku));
  useEffect(() => {
    document.title = `${sku} · Backstep`;
  }, [sku]);
  const address = `${location.origin}/v1/products/${encodeURIComponent(sku)}`;
  const commands = [
    curlOf({ method: 'GET', url: address }),
    curlOf({
      method: 'PATCH',
      url: address,
      headers: { 'If-Match': `"v${product?.version ?? 1}"` },
      body: { price: product?.price ?? 0 },
    }),
    curlOf({ method: 'POST', url: `${address}/adjustments`, body: { delta: 1, reason: 'found' } }),
  ];
  useKeys({
    Escape: () => void navigate({ to: '/products', search: { sel: sku } }),
    c: () => void copy(commands[0] ?? '', 'the command'),
  });
  return (
    <div className={common['page']}>
      <header className={common['tightHead']}>
        <p className="muted">
          <Link to="/products" search={{ sel: sku }}>
            Products
          </Link>{' '}
          /
        </p>
        <h1 className={common['id']}>
          <span className="unseen">Product </span>
          {safeText(sku)}
        </h1>
        {dataUpdatedAt > 0 && (
          <p className="muted">
            as of <Ago at={dataUpdatedAt} />
          </p>
        )}
        <CopyLink />
      </header>
      {error && <Problem error={asOfProduct(error, sku)} retry={() => void refetch()} />}
      {isPending && !error && <Skeleton />}
      {product && (
        <>
          <dl className={`${common['facts']} ${styles['facts']}`}>
            <div>
              <dt>Name</dt>
              <dd>{safeText(product.name)}</dd>
            </div>
            <div>
              <dt>Price</dt>
              <dd>{moneyText(product.price, product.currency)}</dd>
            </div>
            <div>
              <dt>Version</dt>
              <dd>v{product.version}</dd>
            </div>
          </dl>
          <section className={styles['stock']} aria-label="Stock">
            <StockBar stock={product} />
            <dl className={`${common['facts']} ${styles['facts']}`}>
              <div>
                <dt>On hand</dt>
                <dd>{product.onHand.toLocaleString('en')}</dd>
              </div>
              <div>
                <dt>
                  <span aria-hidden="true">▨ </span>Reserved
                </dt>
                <dd>{product.reserved.toLocaleString('en')}</dd>
              </div>
              <div>
                <dt>
                  <span aria-hidden="true">■ </span>Available
                </dt>
                <dd>{product.available.toLocaleString('en')}</dd>
              </div>
            </dl>
            <Link to="/contention" search={{ sel: `inventory/Stock/${sku}` }}>
              Who wants it at the same time
            </Link>
            {!stockShares(product).addsUp && (
              <Banner>Reserved and available are not what is on hand: npx backstep doctor says what is wrong.</Banner>
            )}
          </section>
          <div className={styles['forms']}>
            {/* A form is of one product: another one begins anew. */}
            <EditProduct key={`edit ${sku}`} product={product} />
            <AdjustStock key={`adjust ${sku}`} product={product} />
          </div>
        </>
      )}
      <Terminal commands={commands} />
    </div>
  );
}

/** 404 means the product, and its SKU is mistyped sooner than a product is lost. */
const asOfProduct = (error: Error, sku: string): Error =>
  error instanceof ProblemError && (error.status === 404 || error.status === 400)
    ? new ProblemError(
        error.status,
        {
          title: 'There is no such product',
          detail: `Nothing is listed as ${sku}. The products are listed by their SKUs.`,
        },
        error.requestId,
      )
    : error;
