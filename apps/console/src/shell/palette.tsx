import { Dialog } from '@base-ui/react/dialog';
import { Link, useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent as Press, useEffect, useState } from 'react';
import { ORDER_STATUSES } from '../orders/orders-search.js';
import { Button } from '../ui/button.js';
import styles from './dialog.module.css';
import { PastedResults } from './palette-results.js';
import { API, titled } from './pages.js';
import { pastedOf } from './pasted.js';
import { usePages } from './use-pages.js';

/** Nobody is asked while somebody types on. */
const ASKED_AFTER_MS = 200;

/** Ids are pasted and open what they are of; words find pages. */
export function Palette() {
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  /** Enter was pressed: what is found is opened as soon as it is known. */
  const [isWanted, setWanted] = useState(false);
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
  const asked = useResting(typed);
  const { id, sku, position } = pastedOf(typed);
  const word = typed.toUpperCase();
  const isWord = id === undefined && !position;
  const all = usePages();
  const pages = isWord ? titled(all, typed) : [];
  const outside = isWord ? titled([API], typed) : [];
  const statuses = isWord ? ORDER_STATUSES.filter((status) => `ORDERS ${status}`.includes(word)) : [];
  const isElsewhere = pages.length + outside.length + statuses.length > 0;
  const close = (): void => {
    setOpen(false);
    setText('');
    setWanted(false);
  };
  const first = (): void => {
    const [page] = typed === '' ? all.filter(({ to }) => to === '/orders') : pages;
    const [status] = statuses;
    if (position) {
      const { topic, partition, offset } = position;
      const params = { topic, partition: String(partition), offset };
      void navigate({ to: '/messages/$topic/$partition/$offset', params, search: {} });
    } else if (page) void navigate({ to: page.to, search: {} });
    else if (status) void navigate({ to: '/orders', search: { status } });
    else if (outside.length > 0) location.assign(API.href);
    else return setWanted(true);
    close();
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => (open ? setOpen(true) : close())}>
      <Dialog.Trigger render={<Button className={styles['trigger'] ?? ''} />}>
        Search, or paste an id <kbd aria-hidden="true">Ctrl K</kbd>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles['backdrop']} />
        <Dialog.Popup className={styles['popup']} onKeyDown={goAmongResults}>
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
              aria-label="The id of an order, a saga or a message, a SKU, a page, or the position of a message"
              placeholder="An id, a SKU, a page, or a position: order.events/1@31"
              value={text}
              onChange={({ target }) => {
                setText(target.value);
                setWanted(false);
              }}
            />
          </form>
          <ul className={styles['found']}>
            {position && (
              <li>
                <Link
                  to="/messages/$topic/$partition/$offset"
                  params={{ topic: position.topic, partition: String(position.partition), offset: position.offset }}
                  search={{}}
                  onClick={close}
                >
                  Open message <code>{typed}</code>
                </Link>
              </li>
            )}
            {pages.map(({ title, to }) => (
              <li key={to}>
                <Link to={to} search={{}} onClick={close}>
                  {title}
                </Link>
              </li>
            ))}
            {outside.map(({ title, href }) => (
              <li key={href}>
                <a href={href}>{title}</a>
              </li>
            ))}
            {statuses.map((status) => (
              <li key={status}>
                <Link to="/orders" search={{ status }} onClick={close}>
                  Orders that are {status}
                </Link>
              </li>
            ))}
          </ul>
          {asked === typed && (id !== undefined || sku !== undefined) && (
            <PastedResults
              key={asked}
              pasted={{ ...(id !== undefined && { id }), ...(sku !== undefined && { sku }) }}
              isWanted={isWanted}
              isElsewhere={isElsewhere}
              close={close}
            />
          )}
          {typed !== '' && isWord && sku === undefined && !isElsewhere && (
            <p role="status" className="muted">
              That is no id, no SKU and no page. An id has 36 characters: <code>npx backstep orders</code> lists them.
            </p>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** A text once it has not changed for a while. */
function useResting(text: string): string {
  const [resting, setResting] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setResting(text), ASKED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return resting;
}

/** Up and down, from the field through what was found. */
function goAmongResults(event: Press<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('input, a')];
  const at = all.indexOf(document.activeElement as HTMLElement) + (event.key === 'ArrowDown' ? 1 : -1);
  event.preventDefault();
  all[Math.min(Math.max(at, 0), all.length - 1)]?.focus();
}
