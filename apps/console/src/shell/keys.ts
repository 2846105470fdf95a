import { useEffect, useRef } from 'react';
import { currentSettings } from './settings.js';

/** What a key, two after another (`g o`), or a named key with Shift (`Shift Escape`) does. */
export type Keys = Readonly<Record<string, () => void>>;

/** The second key of two must follow within this time. */
const SECOND_KEY_WITHIN_MS = 1_000;
const TAKES_TEXT =
  'input:not([type="range"], [type="checkbox"]), textarea, select, [contenteditable], [role="menu"], [role="dialog"]';
/** Keys that a control has a use of its own for. */
const TAKES: readonly (readonly [keys: RegExp, control: string])[] = [
  [/^(Enter| )$/, 'a, button, summary, input, [role="button"]'],
  [/^(Arrow|Home|End|Page)/, 'input[type="range"], pre'],
];

let first: { readonly key: string; readonly at: number } | undefined;

/** Binds keys while the component is shown. Nothing happens while somebody types, or with Ctrl, Alt or Meta. */
export function useKeys(keys: Keys): void {
  const bound = useRef(keys);
  useEffect(() => {
    bound.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (currentSettings().shortcuts === 'off') return;
      if (event.target instanceof Element && isTaken(event.key, event.target)) return;
      const before = first && event.timeStamp - first.at < SECOND_KEY_WITHIN_MS ? first.key : undefined;
      // The second of two keys is not that key alone, whichever component has bound the two.
      const key = event.shiftKey && event.key.length > 1 ? `Shift ${event.key}` : event.key;
      const action = bound.current[before === undefined ? key : `${before} ${key}`];
      if (event.key === 'g') first = { key: 'g', at: event.timeStamp };
      if (!action) return;
      if (event.key !== 'g') first = undefined;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

const isTaken = (key: string, target: Element): boolean =>
  target.closest(TAKES_TEXT) !== null ||
  TAKES.some(([keys, control]) => keys.test(key) && target.closest(control) !== null);
