import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { newRequestKey } from '../api/request-key.js';
import { send } from '../api/send.js';
import type { Product } from '../api/types.js';
import { announce } from '../shell/announce.js';
import { Button } from '../ui/button.js';
import { FieldErrors } from '../ui/field-errors.js';
import { productQuery } from './queries.js';
import styles from './products.module.css';

/** Corrects what is on hand. An adjustment is added to what is there, so it needs no version: two people who adjust do not disturb each other. */
export function AdjustStock({ product }: { readonly product: Product }) {
  const { sku, onHand, reserved } = product;
  const client = useQueryClient();
  const [typed, setTyped] = useState({ delta: '', reason: '' });
  /** One for each adjustment, so that a second try after a lost answer adjusts once. */
  const key = useRef(newRequestKey());
  const delta = /^[+-]?\d{1,7}$/.test(typed.delta.trim()) ? Number(typed.delta) : undefined;
  const adjusting = useMutation({
    mutationFn: (body: { readonly delta: number; readonly reason: string }) =>
      send('post', '/v1/products/{sku}/adjustments', {
        path: { sku },
        headers: { 'Idempotency-Key': key.current },
        body,
      }),
    onSuccess: ({ body, replayed }) => {
      client.setQueryData(productQuery(sku).queryKey, body);
      announce(`${replayed ? 'It was adjusted already' : 'Adjusted'}: ${body.onHand} on hand.`);
      setTyped({ delta: '', reason: '' });
      key.current = newRequestKey();
    },
  });
  const type = (change: Partial<typeof typed>): void => {
    // Another adjustment is another request.
    key.current = newRequestKey();
    adjusting.reset();
    setTyped({ ...typed, ...change });
  };
  const isRight = delta !== undefined && delta !== 0 && typed.reason.trim() !== '';
  return (
    <form
      className={styles['form']}
      aria-label="Adjust the stock"
      onSubmit={(event) => {
        event.preventDefault();
        if (isRight) adjusting.mutate({ delta, reason: typed.reason });
      }}
    >
      <h2>Adjust the stock</h2>
      <label>
        So many more; fewer with a minus
        <input
          inputMode="numeric"
          value={typed.delta}
          aria-invalid={typed.delta !== '' && delta === undefined}
          aria-describedby="delta-hint"
          onChange={({ target }) => type({ delta: target.value })}
        />
      </label>
      <p id="delta-hint" className={typed.delta !== '' && delta === undefined ? styles['wrong'] : 'muted'}>
        {typed.delta !== '' && delta === undefined
          ? '✕ A whole number, such as 5 or -2.'
          : delta === undefined
            ? `${onHand.toLocaleString('en')} on hand, of these ${reserved.toLocaleString('en')} promised to orders.`
            : `${onHand.toLocaleString('en')} on hand becomes ${(onHand + delta).toLocaleString('en')}.`}
      </p>
      <label>
        Reason
        <input
          value={typed.reason}
          maxLength={200}
          placeholder="counted, delivery 42"
          onChange={({ target }) => type({ reason: target.value })}
        />
      </label>
      <FieldErrors error={adjusting.error} />
      <div className={styles['buttons']}>
        <Button type="submit" disabled={!isRight || adjusting.isPending}>
          Adjust
        </Button>
        <span className="muted">Kept with the adjustment. Customers see none of it.</span>
      </div>
    </form>
  );
}
