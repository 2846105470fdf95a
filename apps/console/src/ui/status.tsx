import styles from './status.module.css';

type Tone = 'running' | 'undo' | 'undone' | 'stuck' | 'done' | 'off';

const TONES: Readonly<Record<string, Tone>> = {
  PENDING: 'running',
  RUNNING: 'running',
  REVISING: 'running',
  CANCELLING: 'undo',
  COMPENSATING: 'undo',
  COMPENSATED: 'undone',
  CANCELLED: 'undone',
  REJECTED: 'undone',
  STUCK: 'stuck',
  COMPLETED: 'done',
  CONFIRMED: 'done',
  ABANDONED: 'off',
  poisoned: 'stuck',
  held: 'off',
  discarded: 'off',
  handled: 'done',
};
const GLYPHS: Readonly<Record<Tone, string>> = {
  running: '◐',
  undo: '↩',
  undone: '↺',
  stuck: '⬣',
  done: '✓',
  off: '⊘',
};

/** A state as glyph, word and colour: none of them stands alone. */
export function Status({ of: state }: { readonly of: string }) {
  const tone = TONES[state] ?? 'off';
  return (
    <span className={`${styles['status']} ${styles[tone]}`}>
      <span aria-hidden="true" className={styles['glyph']}>
        {GLYPHS[tone]}
      </span>
      {state}
    </span>
  );
}
