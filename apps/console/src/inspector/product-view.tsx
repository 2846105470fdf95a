import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { addressOf } from '../api/read.js';
import { productQuery } from '../products/queries.js';
import { stockShares } from '../products/stock.js';
import { StockBar } from '../products/stock-bar.js';
import { curlOf } from '../ui/curl.js';
import { moneyText } from '../ui/money-text.js';
import { safeText } from '../ui/safe-text.js';
import { Fact, Facts, Thing } from './parts.js';
import styles from './inspected.module.css';

/** A product: its price, and its stock as it is now. */
export function ProductView({ sku }: { readonly sku: string }) {
  const { data: product, error, refetch } = useQuery(productQuery(sku));
  const url = `${location.origin}${addressOf('/v1/products/{sku}', { path: { sku } })}`;
  return (
    <Thing
      kind={product ? safeText(product.name) : 'Product'}
      link={
        <Link to="/products/$sku" params={{ sku }} className="mono">
          {sku}
        </Link>
      }
      commands={[curlOf({ method: 'GET', url }), 'npx backstep products']}
      error={error}
      retry={() => void refetch()}
    >
      {product && (
        <>
          <Facts>
            <Fact name="Price">{moneyText(product.price, product.currency)}</Fact>
            <Fact name="Stock">
              <StockBar stock={product} />
            </Fact>
            <Fact name="On hand">{product.onHand.toLocaleString('en')}</Fact>
            <Fact name="Reserved">{product.reserved.toLocaleString('en')}</Fact>
            <Fact name="Available">{product.available.toLocaleString('en')}</Fact>
            <Fact name="Adds up">{!stockShares(product).addsUp && 'no: npx backstep doctor says what is wrong'}</Fact>
            <Fact name="Version">v{product.version}</Fact>
          </Facts>
          <p className={styles['links']}>
            <Link to="/contention" search={{ sel: `inventory/Stock/${sku}` }}>
              Who wants it at the same time
            </Link>
          </p>
        </>
      )}
    </Thing>
  );
}
