import { Dialog } from '@base-ui/react/dialog';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { positionIn } from '../lanes/position.js';
import { isUuid, ORDER_STATUSES } from '../orders/orders-search.js';
import { Button } from '../ui/button.js';
import styles from './dialog.module.css';

/** Ids are pasted and open what they are of; words find pages. */
export function Palette() {
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      setOpen(true);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  const typed = text.trim();
  const [orderId] = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(typed) ?? [];
  const position = positionIn(typed);
  const place = position && { topic: position.topic, partition: String(position.partition), offset: position.offset };
  const statuses = ORDER_STATUSES.filter((status) => 'ORDERS '.concat(status).includes(typed.toUpperCase()));
  const close = (): void => {
    setOpen(false);
    setText('');
  };
  const first = (): void => {
    const [status] = statuses;
    if (place) void navigate({ to: '/messages/$topic/$partition/$offset', params: place, search: {} });
    else if (isUuid(orderId)) void navigate({ to: '/orders/$orderId', params: { orderId }, search: {} });
    else if (typed !== '' && status) void navigate({ to: '/orders', search: { status } });
    else if (typed === '') void navigate({ to: '/orders', search: {} });
    else return;
    close();
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => (open ? setOpen(true) : close())}>
      <Dialog.Trigger render={<Button className={styles['trigger'] ?? ''} />}>
        Search, or paste an id <kbd aria-hidden="true">Ctrl K</kbd>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles['backdrop']} />
        <Dialog.Popup className={styles['popup']}>
          <Dialog.Title className="unseen">Search</Dialog.Title>
          <form
            role="search"
            onSubmit={(event) => {
              event.preventDefault();
              first();
            }}
          >
            <input
              className={styles['field']}
              aria-label="The id of an order, a state, or the position of a message"
              placeholder="The id of an order, a state, or a position: order.events/1@31"
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          </form>
          <ul className={styles['found']}>
            {orderId !== undefined && (
              <li>
                <Link to="/orders/$orderId" params={{ orderId }} search={{}} onClick={close}>
                  Open order <code>{orderId}</code>
                </Link>
                <Link to="/messages" search={{ key: orderId }} onClick={close}>
                  Messages with this key
                </Link>
                <Link to="/messages" search={{ header: `ce_id:${orderId}` }} onClick={close}>
                  The message with this id
                </Link>
              </li>
            )}
            {place && (
              <li>
                <Link to="/messages/$topic/$partition/$offset" params={place} search={{}} onClick={close}>
                  Open message <code>{typed}</code>
                </Link>
              </li>
            )}
            {orderId === undefined && 'ORDERS'.includes(typed.toUpperCase()) && (
              <li>
                <Link to="/orders" search={{}} onClick={close}>
                  Orders
                </Link>
              </li>
            )}
            {orderId === undefined &&
              statuses.map((status) => (
                <li key={status}>
                  <Link to="/orders" search={{ status }} onClick={close}>
                    Orders that are {status}
                  </Link>
                </li>
              ))}
          </ul>
          {typed !== '' && orderId === undefined && !place && statuses.length === 0 && (
            <p role="status" className="muted">
              That is no id of an order, and no page. An id has 36 characters: <code>npx backstep orders</code> lists
              them.
            </p>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
