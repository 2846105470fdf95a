import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { type CompareSearch, compareSearch, withOrder } from '../compare/compare-search.js';
import { placeOf } from '../parked/parked-search.js';
import { safeText } from '../ui/safe-text.js';
import styles from './dialog.module.css';
import { type Found, useLookup } from './lookup.js';
import { type Pasted, verdictOf } from './pasted.js';

interface Props {
  readonly pasted: Pasted;
  /** Enter was pressed: what it is is opened. */
  readonly isWanted: boolean;
  /** The words are those of a page too: nothing needs to be said where no product is found. */
  readonly isElsewhere: boolean;
  readonly close: () => void;
}

/** What an id, or a SKU, is of: everybody is asked at once, and what is there can be opened. */
export function PastedResults({ pasted, isWanted, isElsewhere, close }: Props) {
  const navigate = useNavigate();
  const { answers, found } = useLookup(pasted);
  const { first, nothing } = verdictOf(answers);
  const compared = useCompared();
  const target = isWanted ? found.find(({ kind }) => kind === first) : undefined;
  useEffect(() => {
    if (!target) return;
    if (target.kind === 'order' && compared) void navigate(comparedWith(compared, target.id));
    else void navigate(addressOf(target));
    close();
  }, [target, compared, navigate, close]);
  const { id } = pasted;
  return (
    <>
      <ul className={styles['found']}>
        {compared &&
          found.map(
            (one) =>
              one.kind === 'order' && (
                <li key="compare">
                  <Link {...comparedWith(compared, one.id)} onClick={close}>
                    Compare with order <span className="muted">{safeText(one.says)}</span>
                  </Link>
                </li>
              ),
          )}
        {found.map((one) => (
          <li key={one.kind}>
            <Open found={one} close={close}>
              Open {one.kind} <span className="muted">{safeText(one.says)}</span>
            </Open>
          </li>
        ))}
        {id !== undefined && (
          <li>
            <Link to="/messages" search={{ key: id }} onClick={close}>
              Messages with this key
            </Link>
          </li>
        )}
        {id !== undefined && !found.some(({ kind }) => kind === 'message') && (
          <li>
            <Link to="/messages" search={{ header: `ce_id:${id}` }} onClick={close}>
              Look on for the message with this id
            </Link>
          </li>
        )}
      </ul>
      <p role="status" className="muted">
        {nothing === undefined ? found.length === 0 && !isElsewhere && 'Looking' : !isElsewhere && safeText(nothing)}
      </p>
    </>
  );
}

/** The orders that are compared, while their page is shown: an order that is found is the other one then. */
function useCompared(): CompareSearch | undefined {
  const { pathname, search } = useLocation();
  return pathname === '/orders/compare' ? compareSearch({ ...search }) : undefined;
}

const comparedWith = (compared: CompareSearch, id: string) =>
  ({ to: '/orders/compare', search: withOrder(compared, id) }) as const;

/** The address of its page, with what was found selected in it. */
function addressOf(found: Found) {
  switch (found.kind) {
    case 'order':
      return { to: '/orders/$orderId', params: { orderId: found.id }, search: {} } as const;
    case 'saga':
      return { to: '/sagas/$sagaId', params: { sagaId: found.id }, search: {} } as const;
    case 'product':
      return { to: '/products/$sku', params: { sku: found.sku }, search: {} } as const;
    case 'parked message':
      return { to: '/parked', search: placeOf(found.message) } as const;
    case 'message': {
      const { topic, partition, offset } = found.message;
      const params = { topic, partition: String(partition), offset };
      return { to: '/messages/$topic/$partition/$offset', params, search: {} } as const;
    }
  }
}

interface OpenProps {
  readonly found: Found;
  readonly close: () => void;
  readonly children: ReactNode;
}

const Open = ({ found, close, children }: OpenProps) => (
  <Link {...addressOf(found)} onClick={close}>
    {children}
  </Link>
);
