import { safeText } from '../ui/safe-text.js';
import styles from './order.module.css';

/** As the API answered it. */
export const Raw = ({ values }: { readonly values: Readonly<Record<string, unknown>> }) => (
  <div className={styles['raw']}>
    {Object.entries(values).map(([name, value]) => (
      <section key={name}>
        <h2>{name}</h2>
        <pre tabIndex={0} role="region" aria-label={`${name} as JSON`}>
          {safeText(JSON.stringify(value, null, 2) ?? '')}
        </pre>
      </section>
    ))}
  </div>
);
