import { useId } from 'react';
import { type Confirmation, REASON_MAX, typedPartOf } from './confirmation.js';
import { OPERATOR_MAX, OPERATOR_PATTERN } from './operator.js';
import styles from './operate.module.css';

interface Props {
  readonly value: Confirmation;
  readonly change: (value: Confirmation) => void;
  /** The id whose end is to be typed; undefined where the action asks for none. */
  readonly typedId?: string | undefined;
  /** What it is the id of, such as `saga`. */
  readonly kind: string;
}

/** Who acts, why, and for what cannot be taken back the end of the id. `missingFrom` says what is still missing. */
export function ConfirmFields({ value, change, typedId, kind }: Props) {
  const name = useId();
  return (
    <div className={styles['fields']}>
      <label>
        Reason
        <input
          data-autofocus
          required
          maxLength={REASON_MAX}
          value={value.reason}
          placeholder="the carrier is back, INC-42"
          aria-describedby={`${name}-reason`}
          onChange={({ target }) => change({ ...value, reason: target.value })}
        />
        <span id={`${name}-reason`} className="muted">
          Kept with the {kind} for whoever looks at it next. Customers are not told.
        </span>
      </label>
      <label>
        Your name
        <input
          required
          autoComplete="username"
          maxLength={OPERATOR_MAX}
          pattern={OPERATOR_PATTERN}
          value={value.operator}
          aria-describedby={`${name}-operator`}
          onChange={({ target }) => change({ ...value, operator: target.value })}
        />
        <span id={`${name}-operator`} className="muted">
          Kept by this browser. It is a name, not a proof: nobody is signed in.
        </span>
      </label>
      {typedId !== undefined && (
        <label>
          <span>
            To go on, type <code>{typedPartOf(typedId)}</code>, the end of the {kind}’s id
          </span>
          <input
            required
            autoComplete="off"
            spellCheck={false}
            className="mono"
            value={value.typed}
            onChange={({ target }) => change({ ...value, typed: target.value })}
          />
        </label>
      )}
    </div>
  );
}
