import { Link } from '@tanstack/react-router';
import { API } from './pages.js';
import { RailIcon } from './rail-icon.js';
import styles from './rail.module.css';
import { usePages } from './use-pages.js';

/** Words, and where the window is narrower icons, each with its word when it is pointed at or reached by keys. */
export const Rail = () => (
  <nav className={styles['rail']} aria-label="Pages">
    {usePages().map(({ title, to }) => (
      <Link
        key={to}
        to={to}
        search={{}}
        activeOptions={{ exact: to === '/', includeSearch: false }}
        activeProps={{ className: styles['active'] ?? '' }}
      >
        <RailIcon of={title} />
        <span className={styles['word']}>{title}</span>
      </Link>
    ))}
    <a href={API.href}>
      <RailIcon of={API.title} />
      <span className={styles['word']}>{API.title}</span>
    </a>
  </nav>
);
