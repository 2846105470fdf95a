import { memo } from 'react';
import type { SagaSummary } from '../api/types.js';
import { safeText } from '../ui/safe-text.js';
import { dotsOf, dotsText } from './dots.js';
import styles from './dots.module.css';

/** A saga at a glance: a dot a step. A step that is taken back turns. */
export const SagaDots = memo(function SagaDots({ saga }: { readonly saga: SagaSummary }) {
  return (
    <span role="img" aria-label={safeText(dotsText(saga))} className={styles['dots']}>
      {dotsOf(saga).map(({ step, glyph, tone, says }) => (
        <span key={step} title={safeText(`${step}: ${says}`)} className={`${styles['dot']} ${styles[tone]}`}>
          {glyph}
        </span>
      ))}
    </span>
  );
});
