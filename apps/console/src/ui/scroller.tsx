import type { ReactNode } from 'react';
import common from './page.module.css';

interface Props {
  /** What it holds, as it is spoken. */
  readonly label: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** What is wider or higher than its place scrolls in it, by keys too. */
export const Scroller = ({ label, className, children }: Props) => (
  <div
    className={[common['scroller'], className].filter(Boolean).join(' ')}
    tabIndex={0}
    role="region"
    aria-label={label}
  >
    {children}
  </div>
);
