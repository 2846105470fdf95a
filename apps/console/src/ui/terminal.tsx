import { Button } from './button.js';
import { copy } from './copy.js';
import styles from './terminal.module.css';

/** The same in the terminal: the exact commands, with what they show. */
export function Terminal({ commands }: { readonly commands: readonly string[] }) {
  return (
    <details className={styles['terminal']}>
      <summary>The same in the terminal</summary>
      <ul>
        {commands.map((command) => (
          <li key={command}>
            <code>{command}</code>
            <Button onClick={() => void copy(command, 'the command')}>
              Copy<span className="unseen"> {command}</span>
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
