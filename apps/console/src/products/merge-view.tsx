import { useEffect, useRef, useState } from 'react';
import { Button } from '../ui/button.js';
import { FieldErrors } from '../ui/field-errors.js';
import { moneyText } from '../ui/money-text.js';
import { safeText } from '../ui/safe-text.js';
import { Scroller } from '../ui/scroller.js';
import {
  type Choices,
  type Editable,
  type Field,
  merged,
  mergeRows,
  type MergeRow,
  type Side,
  sideOf,
} from './merge.js';
import styles from './products.module.css';

interface Props {
  readonly base: Editable;
  readonly yours: Editable;
  readonly theirs: Editable;
  /** Theirs: what is saved next is compared with it. */
  readonly version: number;
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly save: (merged: Editable) => void;
  readonly cancel: () => void;
}

const TITLES: Readonly<Record<Field, string>> = { name: 'Name', price: 'Price' };
const VERDICTS: Readonly<Record<MergeRow['verdict'], string>> = {
  unchanged: 'nobody has changed it',
  yours: 'only you have changed it',
  theirs: 'only they have changed it',
  agreed: 'both have changed it to the same',
  clash: '✕ both have changed it: choose',
};

/** Yours, theirs, and what both began from, field by field. What clashes is chosen by a person; nothing is chosen for them. */
export function MergeView({ base, yours, theirs, version, isBusy, error, save, cancel }: Props) {
  const [choices, setChoices] = useState<Choices>({});
  const title = useRef<HTMLHeadingElement>(null);
  // The form that had the focus is gone.
  useEffect(() => title.current?.focus(), []);
  const rows = mergeRows(base, yours, theirs);
  const result = merged(rows, choices);
  return (
    <form
      className={styles['form']}
      aria-label="Merge"
      onSubmit={(event) => {
        event.preventDefault();
        if (result) save(result);
      }}
    >
      <h2 ref={title} tabIndex={-1}>
        <span aria-hidden="true">⬣ </span>Somebody has changed it meanwhile
      </h2>
      <p>
        Nothing of yours is saved yet. It is version {version} now; your edit began from an older one. Choose what each
        field is to be.
      </p>
      <Scroller label="Yours, theirs and base" className={styles['scroller']}>
        <table className={styles['merge']}>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Base</th>
              <th scope="col">Yours</th>
              <th scope="col">Theirs</th>
              <th scope="col">So</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.field}>
                <th scope="row">{TITLES[row.field]}</th>
                <td>{valueText(row.base)}</td>
                {(['yours', 'theirs'] as const).map((side) => (
                  <td key={side}>
                    <Choice
                      row={row}
                      side={side}
                      isChosen={sideOf(row, choices) === side}
                      choose={() => setChoices({ ...choices, [row.field]: side })}
                    />
                  </td>
                ))}
                <td className={row.verdict === 'clash' ? styles['clash'] : 'muted'}>{VERDICTS[row.verdict]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <FieldErrors error={error} />
      <div className={styles['buttons']}>
        <Button type="submit" disabled={!result || isBusy}>
          Save the merged
        </Button>
        <Button onClick={cancel}>Drop the changes</Button>
        <span className="muted">
          {result
            ? `${safeText(result.name)}, ${valueText(result.price)} · If-Match: "v${version}"`
            : 'A field is still to be chosen.'}
        </span>
      </div>
    </form>
  );
}

interface ChoiceProps {
  readonly row: MergeRow;
  readonly side: Side;
  readonly isChosen: boolean;
  readonly choose: () => void;
}

/** Where both sides are the same there is nothing to choose. */
function Choice({ row, side, isChosen, choose }: ChoiceProps) {
  if (row.verdict === 'unchanged' || row.verdict === 'agreed') return <>{valueText(row[side])}</>;
  return (
    <label className={styles['choice']}>
      <input type="radio" name={`merge-${row.field}`} checked={isChosen} onChange={choose} />
      <span className="unseen">
        {TITLES[row.field]}, {side}:{' '}
      </span>
      {valueText(row[side])}
    </label>
  );
}

const valueText = (value: Editable[Field]): string =>
  typeof value === 'string' ? safeText(value) : moneyText(value.minor, value.currency);
