import { Link } from '@tanstack/react-router';
import { safeText } from '../ui/safe-text.js';
import { Time } from '../ui/time.js';
import common from '../ui/page.module.css';
import { Scroller } from '../ui/scroller.js';
import { Titles } from '../ui/titles.js';
import type { ContentionSearch } from './contention-search.js';
import { type EntityRow, type Heat, shareOf } from './heat.js';
import { cellText } from './heat-map.js';
import { Level } from './level.js';
import { ofHundred, reasonText } from './reason.js';
import styles from './contention.module.css';

const number = (value: number): string => value.toLocaleString('en');
const shareText = (of: { readonly attempts: number; readonly lost: number }): string => {
  const share = shareOf(of);
  return share === null ? '–' : `${ofHundred(share)} %`;
};
const waitText = (ms: number | null): string => (ms === null ? '–' : `≤ ${number(ms)} ms`);

interface KeysProps {
  readonly heat: Heat;
  readonly search: ContentionSearch;
}

/** The keys that conflict most, with how they are taken and why. */
export function KeysTable({ heat: { rows }, search }: KeysProps) {
  return (
    <Scroller label="The keys that conflict" className={styles['scroller']}>
      <table className={`${common['table']} ${styles['table']}`}>
        <caption className="unseen">The keys that conflict most, how they are taken, and why</caption>
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Taken</th>
            <th scope="col">Since</th>
            <th scope="col">Because</th>
            <th scope="col" className={common['number']}>
              Writes
            </th>
            <th scope="col" className={common['number']}>
              Lost
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ sel, service, hot, attempts, lost }) => (
            <tr key={sel} className={sel === search.sel ? styles['chosen'] : ''}>
              <th scope="row">
                <Link to="/contention" search={{ ...search, sel }} replace>
                  {service} {hot.entity} <code>{safeText(hot.key)}</code>
                </Link>
              </th>
              <td>
                <Level of={hot.strategy} />
              </td>
              <td>
                <Time at={Date.parse(hot.since)} />
              </td>
              <td className={styles['why']}>{hot.why ? reasonText(hot.why) : 'it has met its first conflict'}</td>
              <td className={common['number']}>{number(attempts)}</td>
              <td className={common['number']}>{shareText({ attempts, lost })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

/** The drawing as numbers. */
export function HeatTable({ heat: { columns, rows } }: { readonly heat: Heat }) {
  return (
    <details className={styles['twin']}>
      <summary>The drawing as numbers</summary>
      <Scroller label="The drawing as numbers" className={styles['scroller']}>
        <table className={`${common['table']} ${styles['table']}`}>
          <thead>
            <tr>
              <th scope="col">From</th>
              {rows.map(({ sel, hot }) => (
                <th key={sel} scope="col">
                  {hot.entity} <code>{safeText(hot.key)}</code>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {columns.map((at, column) => (
              <tr key={at}>
                <th scope="row">
                  <Time at={at} />
                </th>
                {rows.map(({ sel, cells }) => {
                  const cell = cells[column];
                  return <td key={sel}>{cell && cellText(cell)}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </details>
  );
}

/** What is written, by class of rows. */
export function EntitiesTable({ entities }: { readonly entities: readonly EntityRow[] }) {
  return (
    <Scroller label="What is written" className={styles['scroller']}>
      <table className={`${common['table']} ${styles['table']}`}>
        <caption className="unseen">Writes of each entity, and how long its reads with locks take</caption>
        <thead>
          <tr>
            <th scope="col">Entity</th>
            <th scope="col">In the minute</th>
            <Titles of={['Writes', 'Lost', 'Reads with locks p50', 'p99']} className={common['number']} />
          </tr>
        </thead>
        <tbody>
          {entities.map(({ service, of, attempts, lost }) => (
            <tr key={`${service} ${of.entity}`}>
              <th scope="row">
                {service} {of.entity}
              </th>
              <td>
                <Level of={of.class} />
              </td>
              <td className={common['number']}>{number(attempts)}</td>
              <td className={common['number']}>{shareText({ attempts, lost })}</td>
              <td className={common['number']}>{waitText(of.lockWaitP50Ms)}</td>
              <td className={common['number']}>{waitText(of.lockWaitP99Ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
