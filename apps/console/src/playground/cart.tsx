import type { Product } from '../api/types.js';
import { Button } from '../ui/button.js';
import { moneyText } from '../ui/money-text.js';
import { safeText } from '../ui/safe-text.js';
import { type CartLine, LINES_MAX, QUANTITY_MAX } from './playground-search.js';
import styles from './playground.module.css';

interface Props {
  readonly cart: readonly CartLine[];
  readonly products: readonly Product[];
  readonly change: (cart: readonly CartLine[]) => void;
}

/** The lines of the order, each a product that is listed. A SKU of the address that is not listed stays: the API says what is wrong with it. */
export function Cart({ cart, products, change }: Props) {
  const next = products.find(({ sku }) => !cart.some((line) => line.sku === sku));
  const replace = (index: number, line: CartLine | undefined): void =>
    change(cart.flatMap((one, at) => (at === index ? (line ?? []) : one)));
  return (
    <fieldset className={styles['group']}>
      <legend>Cart</legend>
      {cart.map((line, index) => {
        const { sku, quantity } = line;
        const product = products.find((one) => one.sku === sku);
        const options = products.filter((one) => one.sku === sku || !cart.some((other) => other.sku === one.sku));
        return (
          <div key={sku} className={styles['line']}>
            <select
              aria-label={`Product of line ${index + 1}`}
              value={sku}
              onChange={({ target }) => replace(index, { sku: target.value, quantity })}
            >
              {!product && <option value={sku}>{sku} (not listed)</option>}
              {options.map((one) => (
                <option key={one.sku} value={one.sku}>
                  {safeText(one.name)} · {moneyText(one.price, one.currency)} · {one.available} available
                </option>
              ))}
            </select>
            <input
              type="number"
              aria-label={`Quantity of line ${index + 1}`}
              min={1}
              max={QUANTITY_MAX}
              value={quantity}
              onChange={({ target }) => {
                const typed = Math.trunc(target.valueAsNumber);
                if (typed >= 1) replace(index, { sku, quantity: Math.min(typed, QUANTITY_MAX) });
              }}
            />
            <Button disabled={cart.length === 1} onClick={() => replace(index, undefined)}>
              Remove<span className="unseen"> line {index + 1}</span>
            </Button>
          </div>
        );
      })}
      <Button
        disabled={!next || cart.length >= LINES_MAX}
        onClick={() => next && change([...cart, { sku: next.sku, quantity: 1 }])}
      >
        Add a line
      </Button>
    </fieldset>
  );
}
