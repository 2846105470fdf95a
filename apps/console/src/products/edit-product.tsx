import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ProblemError } from '../api/read.js';
import { newRequestKey } from '../api/request-key.js';
import { type Body, send } from '../api/send.js';
import type { Product } from '../api/types.js';
import { announce } from '../shell/announce.js';
import { Button } from '../ui/button.js';
import { FieldErrors } from '../ui/field-errors.js';
import { amountText, minorOf } from '../ui/money-text.js';
import { changeFrom, type Editable, editableOf, isSameEditable } from './merge.js';
import { MergeView } from './merge-view.js';
import { productQuery } from './queries.js';
import styles from './products.module.css';

/** What is typed; it need not be a price yet. */
interface Draft {
  readonly name: string;
  readonly amount: string;
  readonly currency: string;
}

/** What an edit began from: the values, and their version for If-Match. */
interface Basis {
  readonly version: number;
  readonly values: Editable;
}

/** Somebody has changed the same meanwhile: what each side has, and what the next try is compared with. */
interface Clash {
  readonly base: Editable;
  readonly yours: Editable;
  readonly theirs: Basis;
}

const basisOf = (product: Product): Basis => ({ version: product.version, values: editableOf(product) });
const draftOf = ({ name, price }: Editable): Draft => ({
  name,
  amount: amountText(price.minor, price.currency),
  currency: price.currency,
});

/**
 * Name and price, sent with the version that they were read in. Only what was changed is sent, so the server merges what others have changed
 * beside it; what both have changed is decided here, field by field.
 */
export function EditProduct({ product }: { readonly product: Product }) {
  const client = useQueryClient();
  /** undefined: nobody is editing, and the fields are the product's as it is. */
  const [editing, setEditing] = useState<{ readonly basis: Basis; readonly draft: Draft }>();
  const [clash, setClash] = useState<Clash>();
  /** One for each change: a second try after a lost answer is the same request. */
  const key = useRef<{ readonly of: string; readonly id: string }>(undefined);
  const basis = editing?.basis ?? basisOf(product);
  const draft = editing?.draft ?? draftOf(basis.values);
  const yours = editableIn(draft);
  const saving = useMutation({
    mutationFn: async ({ from, to }: { readonly from: Basis; readonly base: Editable; readonly to: Editable }) => {
      const body = changeFrom(from.values, to) as Body<'patch', '/v1/products/{sku}'>;
      const of = JSON.stringify([from.version, body]);
      if (key.current?.of !== of) key.current = { of, id: newRequestKey() };
      return send('patch', '/v1/products/{sku}', {
        path: { sku: product.sku },
        headers: { 'If-Match': `"v${from.version}"`, 'Idempotency-Key': key.current.id },
        body,
      });
    },
    onSuccess: ({ body }) => end(body, `Saved ${product.sku} as version ${body.version}.`),
    onError: (error, { base, to }) => {
      const current = error instanceof ProblemError && error.status === 412 ? error.problem.current : undefined;
      // Values of a product, by the document: whatever else `current` may be is of other resources.
      if (current) setClash({ base, yours: to, theirs: basisOf(current as unknown as Product) });
    },
  });
  const end = (now: Product | undefined, said: string): void => {
    if (now) client.setQueryData(productQuery(product.sku).queryKey, now);
    setEditing(undefined);
    setClash(undefined);
    announce(said);
  };
  const type = (change: Partial<Draft>): void => {
    saving.reset();
    setEditing({ basis, draft: { ...draft, ...change } });
  };
  const isChanged = yours === undefined || !isSameEditable(yours, basis.values);
  const newer = editing !== undefined && product.version > basis.version;
  if (clash)
    return (
      <MergeView
        // Theirs may move on while yours is chosen: then it begins anew.
        key={clash.theirs.version}
        base={clash.base}
        yours={clash.yours}
        theirs={clash.theirs.values}
        version={clash.theirs.version}
        isBusy={saving.isPending}
        error={saving.error instanceof ProblemError && saving.error.status === 412 ? null : saving.error}
        save={(to) => {
          if (isSameEditable(to, clash.theirs.values)) end(undefined, 'Nothing is left to save: theirs is kept.');
          else saving.mutate({ from: clash.theirs, base: clash.theirs.values, to });
        }}
        cancel={() => end(undefined, 'Your changes are dropped.')}
      />
    );
  return (
    <form
      className={styles['form']}
      aria-label="Name and price"
      onSubmit={(event) => {
        event.preventDefault();
        if (yours && isChanged) saving.mutate({ from: basis, base: basis.values, to: yours });
      }}
    >
      <h2>Name and price</h2>
      <label>
        Name
        <input value={draft.name} maxLength={200} onChange={({ target }) => type({ name: target.value })} />
      </label>
      <div className={styles['pair']}>
        <label>
          Price
          <input
            inputMode="decimal"
            value={draft.amount}
            aria-invalid={yours === undefined}
            aria-describedby="price-hint"
            onChange={({ target }) => type({ amount: target.value })}
          />
        </label>
        <label>
          Currency
          <input
            value={draft.currency}
            maxLength={3}
            size={4}
            onChange={({ target }) => type({ currency: target.value.toUpperCase() })}
          />
        </label>
      </div>
      <p id="price-hint" className={yours === undefined ? styles['wrong'] : 'muted'}>
        {yours === undefined
          ? `✕ That is no amount of ${draft.currency || 'a currency'}.`
          : 'Orders that are placed keep their prices.'}
      </p>
      {newer && (
        <p className={styles['newer']} role="status">
          <span aria-hidden="true">◐ </span>Version {product.version} has come since you began from {basis.version}:
          what you save is merged into it, field by field.
        </p>
      )}
      <FieldErrors error={saving.error} />
      <div className={styles['buttons']}>
        <Button type="submit" disabled={!isChanged || yours === undefined || saving.isPending}>
          Save
        </Button>
        <Button disabled={editing === undefined} onClick={() => end(undefined, 'Your changes are dropped.')}>
          Drop the changes
        </Button>
        <span className="muted">If-Match: "v{basis.version}"</span>
      </div>
    </form>
  );
}

function editableIn({ name, amount, currency }: Draft): Editable | undefined {
  const minor = /^[A-Z]{3}$/.test(currency) ? minorOf(amount, currency) : undefined;
  return minor === undefined ? undefined : { name, price: { minor, currency } };
}
