import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { groupsQuery } from '../api/kafka-queries.js';
import { useKeys } from '../shell/keys.js';
import { Button } from '../ui/button.js';
import { directionOf, type Direction, messagesSearch, type MessagesSearch, without } from './messages-search.js';
import styles from './messages.module.css';

const KINDS = ['latest', 'earliest', 'time', 'offset', 'group'] as const;
type Kind = (typeof KINDS)[number];
const NAMES: Readonly<Record<Kind, string>> = {
  latest: 'the newest',
  earliest: 'the oldest',
  time: 'a time',
  offset: 'an offset',
  group: 'where a group stands',
};
const HINTS: Readonly<Partial<Record<Kind, string>>> = {
  time: '2026-11-27T08:18:00Z',
  offset: 'in each partition',
};

const partsOf = (from: string | undefined): readonly [Kind, string] => {
  const [kind = '', ...rest] = (from ?? 'latest').split(':');
  return [KINDS.find((one) => one === kind) ?? 'latest', rest.join(':')];
};

/** Where the page begins, and which way it goes: a part of the address, so that a link shows the same. */
export function SeekBar({ search }: { readonly search: MessagesSearch }) {
  const navigate = useNavigate();
  const [kindGiven, valueGiven] = partsOf(search.from);
  const [kind, setKind] = useState<Kind>(kindGiven);
  const [value, setValue] = useState(valueGiven);
  const [isWrong, setWrong] = useState(false);
  const field = useRef<HTMLInputElement & HTMLSelectElement>(null);
  const [focusOn, setFocusOn] = useState<Kind>();
  useEffect(() => {
    const [now, at] = partsOf(search.from);
    setKind(now);
    setValue(at);
    setWrong(false);
  }, [search.from]);
  useEffect(() => {
    if (focusOn === undefined) return;
    field.current?.focus();
    setFocusOn(undefined);
  }, [focusOn]);
  const choose = (next: Kind): void => {
    setKind(next);
    setValue(next === 'time' ? new Date().toISOString().slice(0, 19) + 'Z' : '');
    setFocusOn(next);
  };
  useKeys({ t: () => choose('time'), o: () => choose('offset') });
  const go = (from: string, direction?: Direction): void => {
    const rest = without(search, 'from', 'direction', 'follow', 'sel');
    const next = from === 'latest' ? rest : { ...rest, from };
    if (from !== 'latest' && messagesSearch(next).from === undefined) return setWrong(true);
    void navigate({ to: '/messages', search: { ...next, ...(direction && { direction }) } });
  };
  const isPoint = kind === 'latest' || kind === 'earliest';
  const direction = directionOf(search);
  return (
    <form
      className={styles['seek']}
      aria-label="Where to begin"
      onSubmit={(event) => {
        event.preventDefault();
        go(isPoint ? kind : `${kind}:${value.trim()}`);
      }}
    >
      <label>
        From{' '}
        <select
          value={kind}
          onChange={({ target }) => {
            const next = KINDS.find((one) => one === target.value) ?? 'latest';
            if (next === 'latest' || next === 'earliest') go(next);
            else choose(next);
          }}
        >
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {NAMES[one]}
            </option>
          ))}
        </select>
      </label>
      {kind === 'group' && <GroupChoice field={field} value={value} setValue={setValue} />}
      {(kind === 'time' || kind === 'offset') && (
        <input
          ref={field}
          aria-label={NAMES[kind]}
          aria-invalid={isWrong}
          placeholder={HINTS[kind]}
          inputMode={kind === 'offset' ? 'numeric' : 'text'}
          spellCheck={false}
          value={value}
          onChange={({ target }) => setValue(target.value)}
        />
      )}
      {!isPoint && <Button type="submit">Go there</Button>}
      {search.from !== undefined && (
        <Button
          pressed={direction === 'backward'}
          onClick={() => go(search.from ?? 'latest', direction === 'backward' ? 'forward' : 'backward')}
        >
          Backward from there
        </Button>
      )}
      {isWrong && (
        <span role="alert" className={styles['wrong']}>
          {kind === 'time' ? `A time is written as ${HINTS.time}.` : 'An offset is a number, and a group is chosen.'}
        </span>
      )}
    </form>
  );
}

interface GroupChoiceProps {
  readonly field: React.RefObject<(HTMLInputElement & HTMLSelectElement) | null>;
  readonly value: string;
  readonly setValue: (value: string) => void;
}

function GroupChoice({ field, value, setValue }: GroupChoiceProps) {
  const groups = useQuery(groupsQuery);
  const ids = (groups.data?.items ?? []).map(({ id }) => id);
  return (
    <select ref={field} aria-label="The group" value={value} onChange={({ target }) => setValue(target.value)}>
      <option value="">{groups.isPending ? 'asking Kafka' : 'choose a group'}</option>
      {[...new Set([...ids, ...(value === '' ? [] : [value])])].map((id) => (
        <option key={id} value={id}>
          {id}
        </option>
      ))}
    </select>
  );
}
