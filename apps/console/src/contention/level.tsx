import styles from './contention.module.css';

/** As glyph, word and colour: none of them stands alone. */
const LEVELS = {
  idle: ['⊘', 'off'],
  normal: ['✓', 'done'],
  low: ['✓', 'done'],
  medium: ['◔', 'undo'],
  elevated: ['◑', 'undo'],
  burst: ['◑', 'undo'],
  high: ['●', 'stuck'],
  optimistic: ['◇', 'off'],
  locked: ['▣', 'running'],
} as const;
export type LevelName = keyof typeof LEVELS;

/** How contended something is, or how a key is taken. */
export function Level({ of: name }: { readonly of: LevelName }) {
  const [glyph, tone] = LEVELS[name];
  return (
    <span className={`${styles['level']} ${styles[tone]}`}>
      <span aria-hidden="true">{glyph}</span> {name}
    </span>
  );
}

/** Of shares, from none to more than a fifth. */
export const GLYPHS = ['·', '○', '◔', '◑', '●'] as const;
export const LOCKED_GLYPH = '▣';
