import { Link } from '@tanstack/react-router';
import { API } from './pages.js';
import styles from './shell.module.css';
import { usePages } from './use-pages.js';

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
        {title}
      </Link>
    ))}
    <a href={API.href}>{API.title}</a>
  </nav>
);
