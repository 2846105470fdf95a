import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { copyLink } from '../ui/copy-link.js';
import { Announcements } from './announce.js';
import { Health } from './health.js';
import { InspectorButton, InspectorSide } from './inspector-side.js';
import { KeysHelp } from './keys-help.js';
import { useKeys } from './keys.js';
import { API } from './pages.js';
import { Palette } from './palette.js';
import { Rail } from './rail.js';
import { SettingsMenu } from './settings-menu.js';
import styles from './shell.module.css';
import { usePages } from './use-pages.js';

export function Shell() {
  const navigate = useNavigate();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const pages = usePages();
  useKeys({
    ...Object.fromEntries(pages.map(({ to, key }) => [`g ${key}`, () => void navigate({ to, search: {} })])),
    [`g ${API.key}`]: () => location.assign(API.href),
    y: copyLink,
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
        <InspectorButton />
        <SettingsMenu />
        <KeysHelp isOpen={isHelpOpen} onOpenChange={setHelpOpen} />
      </header>
      <Rail />
      <main id="main" className={styles['main']} tabIndex={-1}>
        <Outlet />
      </main>
      <InspectorSide />
      <Announcements />
    </div>
  );
}
