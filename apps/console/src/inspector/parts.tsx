import type { ReactNode } from 'react';
import { Problem, Skeleton } from '../ui/notices.js';
import { Terminal } from '../ui/terminal.js';
import { Ago, Time } from '../ui/time.js';
import styles from './inspected.module.css';

interface Props {
  /** What it is, such as `Order`. */
  readonly kind: string;
  /** The link to its own page. */
  readonly link: ReactNode;
  readonly commands: readonly string[];
  /** Why it cannot be read; what is known of it is shown beside that. */
  readonly error: Error | null;
  readonly retry: () => void;
  /** Nothing: it is not known yet. */
  readonly children: ReactNode;
}

const isNothing = (shown: ReactNode): boolean => shown === undefined || shown === null || shown === false;

/** A thing with its name, which leads to its page, what is known of it, and the same in the terminal. */
export function Thing({ kind, link, commands, error, retry, children }: Props) {
  return (
    <>
      <h2 className={styles['title']}>{kind}</h2>
      <p className={styles['link']}>{link}</p>
      {error && <Problem error={error} retry={retry} />}
      {isNothing(children) && !error && <Skeleton rows={6} />}
      {children}
      <Terminal commands={commands} />
    </>
  );
}

export const Facts = ({ children }: { readonly children: ReactNode }) => (
  <dl className={styles['facts']}>{children}</dl>
);

/** Nothing where there is nothing to say. */
export const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) =>
  isNothing(children) ? null : (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );

export const Moment = ({ at }: { readonly at: string }) => (
  <>
    <Time at={Date.parse(at)} />{' '}
    <span className="muted">
      <Ago at={Date.parse(at)} />
    </span>
  </>
);
