import { Button } from './button.js';
import { copy } from './copy.js';
import styles from './terminal.module.css';

/** The same in the terminal: the exact commands, with what they show. */
export function Terminal({ commands }: { readonly commands: readonly string[] }) {
  return (
    <details className={styles['terminal']}>
      <summary>The same in the terminal</summary>
      <ul>
        {commands.map((command, index) => (
          <li key={command}>
            <code>{command}</code>
            <Button {...(index === 0 && { shortcut: 'c' })} onClick={() => void copy(command, 'the command')}>
              Copy<span className="unseen"> {command}</span>
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
