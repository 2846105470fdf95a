import { safeText } from '../ui/safe-text.js';
import styles from './compare.module.css';
import { factsOf, type Side } from './facts.js';

export const FactsTable = ({ a, b }: { readonly a: Side; readonly b: Side }) => (
  <table className={styles['facts']}>
    <caption className="unseen">What the two orders are</caption>
    <thead>
      <tr>
        <th scope="col">Fact</th>
        <th scope="col">a</th>
        <th scope="col">b</th>
        <th scope="col">Differs</th>
      </tr>
    </thead>
    <tbody>
      {factsOf(a, b).map(({ name, a: one, b: other, differs }) => (
        <tr key={name} className={differs ? styles['differs'] : ''}>
          <th scope="row">{name}</th>
          <td>{safeText(one) || '–'}</td>
          <td>{safeText(other) || '–'}</td>
          <td>{differs ? <Differs what="differs" /> : ''}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

/** A difference is a glyph and a word: colour never stands alone. */
export const Differs = ({ what }: { readonly what: string }) => (
  <span className={styles['mark']}>
    <span aria-hidden="true">≠ </span>
    {what}
  </span>
);
