import type { System } from '../api/types.js';
import styles from './playground.module.css';

interface Props {
  readonly cards: System['testCards'];
  readonly chosen: string;
  readonly choose: (card: string) => void;
}

/** The test cards as cards. Arrow keys go from one to the next, as they do in every group of choices. */
export const Cards = ({ cards, chosen, choose }: Props) => (
  <fieldset className={styles['group']}>
    <legend>Card</legend>
    <div className={styles['cards']}>
      {cards.map(({ id, does, charge, refund }) => (
        <label key={id} className={styles['card']}>
          <input type="radio" name="card" value={id} checked={id === chosen} onChange={() => choose(id)} />
          <span className="mono">{id.replace(/^pm_card_/, '')}</span>
          <span className={charge === 'declined' || refund === 'refused' ? styles['warns'] : 'muted'}>
            {charge === 'declined' ? '✕ ' : refund === 'refused' ? '⬣ ' : ''}
            {does}
          </span>
        </label>
      ))}
    </div>
  </fieldset>
);
