import type { SagaCommand } from '../api/types.js';
import { safeText } from '../ui/safe-text.js';
import styles from './operate.module.css';

/** Commands exactly as Kafka will carry them, or has. */
export function CommandsList({ commands, none }: { readonly commands: readonly SagaCommand[]; readonly none: string }) {
  if (commands.length === 0) return <p>{none}</p>;
  return (
    <ul className={styles['commands']}>
      {commands.map(({ id, type, topic, key, commandId, data }) => (
        <li key={id}>
          <p>
            <strong>{safeText(type)}</strong> to <code>{safeText(topic)}</code>
          </p>
          <dl>
            <div>
              <dt>ce_id</dt>
              <dd className="mono">{id}</dd>
            </div>
            <div>
              <dt>ce_commandid</dt>
              <dd className="mono">{commandId}</dd>
            </div>
            <div>
              <dt>key</dt>
              <dd className="mono">{safeText(key)}</dd>
            </div>
          </dl>
          <pre>{safeText(JSON.stringify(data, null, 2))}</pre>
        </li>
      ))}
    </ul>
  );
}
