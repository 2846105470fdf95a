import type { API, Page } from './pages.js';
import styles from './rail.module.css';

/** Lines in a square of 16. */
const LINES: Readonly<Record<Page['title'] | (typeof API)['title'], string>> = {
  // A pulse.
  Live: 'M1 8h3l2-5 4 10 2-5h3',
  // A bill.
  Orders: 'M3 1.5h10v13L10.5 13 8 14.5 5.5 13 3 14.5zM5.5 5h5M5.5 8.5h5',
  // There, and back.
  Sagas: 'M2 4.5h8.5a3.5 3.5 0 0 1 0 7H3M5.5 9 3 11.5 5.5 14',
  Messages: 'M1.5 3.5h13v9h-13zM1.5 4l6.5 5 6.5-5',
  // Logs, each read up to somewhere.
  'Topics & groups': 'M1.5 3.5h13M1.5 8h13M1.5 12.5h13M5 1.5v4M10 6v4M7 10.5v4',
  // Held.
  Parked: 'M2 2h12v12H2zM6.2 5.2v5.6M9.8 5.2v5.6',
  // Two that want one.
  Contention: 'M1 8h4.5M3.5 5.5 6 8l-2.5 2.5M15 8h-4.5M12.5 5.5 10 8l2.5 2.5M8 2.5v11',
  // A box.
  Products: 'M8 1.5 14 4.5v7l-6 3-6-3v-7zM2 4.5l6 3 6-3M8 7.5v7',
  // Somebody.
  Operations: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14.5a5.5 5.5 0 0 1 11 0',
  Playground: 'M4 2.5 13 8l-9 5.5z',
  // A flask.
  Lab: 'M5.5 1.5h5M6.5 1.5v5l-4 8h11l-4-8v-5M4.5 11h7',
  // Braces.
  API: 'M6 2C3.5 2 5 7.2 2.5 8 5 8.8 3.5 14 6 14M10 2c2.5 0 1 5.2 3.5 6-2.5.8-1 6-3.5 6',
};

export const RailIcon = ({ of }: { readonly of: keyof typeof LINES }) => (
  <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" className={styles['icon']}>
    <path d={LINES[of]} />
  </svg>
);
