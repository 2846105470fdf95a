import { GroupView } from './group-view.js';
import { KeyView } from './key-view.js';
import { OrderView } from './order-view.js';
import { ParkedView } from './parked-view.js';
import { ProductView } from './product-view.js';
import { SagaView } from './saga-view.js';
import type { Selected } from './selected.js';

/** What is selected, by its kind. Each view is of one thing: another one begins anew. */
export function Inspected({ selected }: { readonly selected: Selected | undefined }) {
  switch (selected?.kind) {
    case undefined:
      return (
        <>
          <h2>Inspector</h2>
          <p className="muted">
            Choose a row: click it beside its link, or <kbd>j</kbd>. What is known of it is shown here.
          </p>
        </>
      );
    case 'order':
      return <OrderView key={selected.id} id={selected.id} />;
    case 'saga':
      return <SagaView key={selected.id} id={selected.id} />;
    case 'parked':
      return <ParkedView key={selected.id} id={selected.id} list={selected.list} />;
    case 'product':
      return <ProductView key={selected.sku} sku={selected.sku} />;
    case 'key':
      return <KeyView key={selected.sel} sel={selected.sel} />;
    case 'group':
      return <GroupView key={selected.id} id={selected.id} />;
  }
}
