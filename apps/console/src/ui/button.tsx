import type { ButtonHTMLAttributes } from 'react';
import { useSettings } from '../shell/settings.js';
import styles from './button.module.css';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** The key that does the same: a key has a button, and a button says its key. */
  readonly shortcut?: string;
  readonly pressed?: boolean;
}

export function Button({ shortcut: given, pressed, children, className = '', ...rest }: Props) {
  const { shortcuts } = useSettings();
  // Keys with Ctrl are never turned off.
  const shortcut = shortcuts === 'on' || given?.startsWith('Ctrl ') ? given : undefined;
  return (
    <button
      type="button"
      {...rest}
      className={`${styles['button']} ${className}`}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut?.replace('Ctrl ', 'Control+').replace('Shift Esc', 'Shift+Escape')}
    >
      {children}
      {shortcut !== undefined && <kbd aria-hidden="true">{shortcut}</kbd>}
    </button>
  );
}
