import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { capabilitiesQuery } from '../api/system-query.js';
import { copy } from '../ui/copy.js';
import { Announcements } from './announce.js';
import { Health } from './health.js';
import { KeysHelp } from './keys-help.js';
import { useKeys } from './keys.js';
import { Palette } from './palette.js';
import { SettingsMenu } from './settings-menu.js';
import styles from './shell.module.css';

export function Shell() {
  const navigate = useNavigate();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const hasLab = useQuery(capabilitiesQuery).data?.faults ?? false;
  useKeys({
    ...(hasLab && { 'g h': () => void navigate({ to: '/lab', search: {} }) }),
    'g l': () => void navigate({ to: '/', search: {} }),
    'g o': () => void navigate({ to: '/orders', search: {} }),
    'g m': () => void navigate({ to: '/messages', search: {} }),
    'g t': () => void navigate({ to: '/topics' }),
    'g s': () => void navigate({ to: '/sagas', search: {} }),
    'g r': () => void navigate({ to: '/operations', search: {} }),
    'g d': () => void navigate({ to: '/products', search: {} }),
    'g y': () => void navigate({ to: '/playground', search: {} }),
    'g p': () => void navigate({ to: '/parked', search: {} }),
    'g c': () => void navigate({ to: '/contention', search: {} }),
    y: () => void copy(location.href, 'the link'),
    '?': () => setHelpOpen(true),
  });
  return (
    <div className={styles['shell']}>
      <a className={styles['skip']} href="#main">
        To the content
      </a>
      <header className={styles['bar']}>
        <Link to="/" search={{}} className={styles['brand']}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d="M13 3H6a4 4 0 0 0 0 8h5M8 8l-3 3 3 3" fill="none" stroke="currentColor" strokeWidth="2" />
          </svg>
          Backstep
        </Link>
        <Palette />
        <Health />
        <SettingsMenu />
        <KeysHelp isOpen={isHelpOpen} onOpenChange={setHelpOpen} />
      </header>
      <nav className={styles['rail']} aria-label="Pages">
        <Link to="/" search={{}} activeOptions={{ exact: true, includeSearch: false }} activeProps={ACTIVE}>
          Live
        </Link>
        <Link to="/orders" search={{}} activeOptions={{ includeSearch: false }} activeProps={ACTIVE}>
          Orders
        </Link>
        <Link to="/sagas" search={{}} activeOptions={{ includeSearch: false }} activeProps={ACTIVE}>
          Sagas
        </Link>
        <Link to="/messages" search={{}} activeOptions={{ includeSearch: false }} activeProps={ACTIVE}>
          Messages
        </Link>
        <Link to="/topics" activeProps={ACTIVE}>
          Topics &amp; groups
        </Link>
        <Link to="/parked" search={{}} activeOptions={{ includeSearch: false }} activeProps={ACTIVE}>
          Parked
        </Link>
        <Link to="/contention" search={{}} activeOptions={{ includeSearch: false }} activeProps={ACTIVE}>
          Contention
        </Link>
        <Link to="/products" search={{}} activeOptions={{ includeSearch: false }} activeProps={ACTIVE}>
          Products
        </Link>
        <Link to="/operations" search={{}} activeOptions={{ includeSearch: false }} activeProps={ACTIVE}>
          Operations
        </Link>
        <Link to="/playground" search={{}} activeOptions={{ includeSearch: false }} activeProps={ACTIVE}>
          Playground
        </Link>
        {hasLab && (
          <Link to="/lab" search={{}} activeOptions={{ includeSearch: false }} activeProps={ACTIVE}>
            Lab
          </Link>
        )}
        <a href="/docs">API</a>
      </nav>
      <main id="main" className={styles['main']} tabIndex={-1}>
        <Outlet />
      </main>
      <Announcements />
    </div>
  );
}

const ACTIVE = { className: styles['active'] ?? '' };
