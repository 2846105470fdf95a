import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useKeys } from '../shell/keys.js';
import { Button } from '../ui/button.js';
import { safeText } from '../ui/safe-text.js';
import { FILTERS, type MessagesSearch, without } from './messages-search.js';
import { chipsOf, parseQuery, queryText } from './query-text.js';
import styles from './messages.module.css';

interface Props {
  readonly search: MessagesSearch;
  /** Who looks for the same again wants to see what is there now. */
  readonly again: () => void;
}

/** One line for all filters, in the words of the address, and a chip for each that takes it away. */
export function QueryBar({ search, again }: Props) {
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const written = queryText(search);
  const [text, setText] = useState(written);
  const [wrong, setWrong] = useState<readonly string[]>([]);
  // The address may change by a chip, a link or the way back.
  useEffect(() => {
    setText(written);
    setWrong([]);
  }, [written]);
  useKeys({ '/': () => field.current?.focus() });
  const look = (): void => {
    const parsed = parseQuery(text);
    setWrong(parsed.wrong);
    if (parsed.wrong.length > 0) return;
    if (queryText(parsed.filters) === written) return again();
    const rest = without(search, ...FILTERS, 'sel');
    void navigate({ to: '/messages', search: { ...parsed.filters, ...rest } });
  };
  return (
    <div className={styles['query']}>
      <form
        role="search"
        aria-label="Messages"
        className={styles['bar']}
        onSubmit={(event) => {
          event.preventDefault();
          look();
        }}
      >
        <input
          ref={field}
          className={styles['field']}
          aria-label="What to look for"
          aria-describedby="query-help"
          aria-invalid={wrong.length > 0}
          spellCheck={false}
          autoComplete="off"
          placeholder="topic:payment.events type:*Refund* key:… header:ce_sagaid=… a text"
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={({ key, currentTarget }) => {
            if (key === 'Escape') currentTarget.blur();
          }}
        />
        <Button type="submit" shortcut="/">
          Look
        </Button>
      </form>
      <p
        id="query-help"
        className={wrong.length > 0 ? styles['wrong'] : 'unseen'}
        role={wrong.length > 0 ? 'alert' : undefined}
      >
        {wrong.length > 0 && <>Not understood: {safeText(wrong.join(' '))}. </>}
        There is {FILTERS.map((name) => `${name}:`).join(' ')} each once, and any other word is looked for as a text.
      </p>
      <Chips search={search} />
    </div>
  );
}

function Chips({ search }: { readonly search: MessagesSearch }) {
  const navigate = useNavigate();
  const chips = chipsOf(search);
  if (chips.length === 0) return null;
  return (
    <ul className={styles['chips']} aria-label="Filters">
      {chips.map(({ name, text }) => (
        <li key={name}>
          <button
            type="button"
            className={styles['chip']}
            onClick={() => void navigate({ to: '/messages', search: without(search, name, 'sel') })}
          >
            <span className="mono">{safeText(text)}</span> <span aria-hidden="true">✕</span>
            <span className="unseen">, take it away</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
