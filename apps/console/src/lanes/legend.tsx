import styles from './legend.module.css';
import { GLYPHS, WORDS } from './sentence.js';
import type { Meaning } from './model.js';

/** What is no message's meaning. */
const SIGNS: readonly (readonly [glyph: string, words: string])[] = [
  ['│', 'on an arrow: Kafka took the message'],
  ['○', 'on an arrow: committed, and still in the outbox of its sender'],
  ['┄', 'arrow: inferred, nobody has said that it arrived'],
  ['□', 'arrow: parked, it could not be handled'],
  ['⊘', 'repeated: the same id again'],
  ['×3', 'sent three times; opens to each'],
  ['⊞ ⊟', 'several messages drawn as one; open'],
  ['≈', 'a pause that is folded'],
  ['◷ ◉', 'timer: due, fired'],
  ['⚑', 'an operator, with the reason'],
];

/** What the signs of the lanes mean, in words. */
export const Legend = () => (
  <details className={styles['legend']}>
    <summary>Signs</summary>
    <ul>
      {[...(Object.keys(GLYPHS) as Meaning[]).map((one) => [GLYPHS[one], WORDS[one]] as const), ...SIGNS].map(
        ([glyph, words]) => (
          <li key={words}>
            <span aria-hidden="true">{glyph}</span>
            <span className="muted">{words}</span>
          </li>
        ),
      )}
    </ul>
  </details>
);
