import type { ButtonHTMLAttributes } from 'react';
import styles from './button.module.css';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** The key that does the same: a key has a button, and a button says its key. */
  readonly shortcut?: string;
  readonly pressed?: boolean;
}

export function Button({ shortcut, pressed, children, className = '', ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      className={`${styles['button']} ${className}`}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut?.replace('Ctrl ', 'Control+')}
    >
      {children}
      {shortcut !== undefined && <kbd aria-hidden="true">{shortcut}</kbd>}
    </button>
  );
}
