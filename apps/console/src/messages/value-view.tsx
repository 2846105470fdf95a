import { useMemo, useState } from 'react';
import type { LogMessage } from '../api/types.js';
import { Button } from '../ui/button.js';
import { copy } from '../ui/copy.js';
import { safeText } from '../ui/safe-text.js';
import { sizeText } from './message-text.js';
import { nodesOf } from './value-nodes.js';
import styles from './message.module.css';

/** A value of more parts begins folded: a browser takes long to show thousands. */
const UNFOLDED_MAX = 200;
/** Members of one object, or items of one list, that are shown at first. */
const SHOWN_MAX = 100;

/** A value as a tree, or as it is written. */
export function ValueView({ message }: { readonly message: LogMessage }) {
  const { value, valueFormat, valueBytes, valueTruncated } = message;
  const [isRaw, setRaw] = useState(false);
  const isTree = valueFormat === 'json' && typeof value === 'object' && value !== null;
  const isFolded = useMemo(() => isTree && nodesOf(value, UNFOLDED_MAX + 1) > UNFOLDED_MAX, [isTree, value]);
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
  return (
    <section className={styles['value']} aria-label="Value">
      <div className={styles['tools']}>
        <h3>Says</h3>
        {isTree && (
          <Button pressed={isRaw} onClick={() => setRaw(!isRaw)}>
            As it is written
          </Button>
        )}
        {valueFormat !== 'none' && <Button onClick={() => void copy(text, 'the value')}>Copy value</Button>}
      </div>
      <p className="muted">
        {valueFormat === 'none' && 'It has no value.'}
        {valueFormat === 'json' && `JSON, ${sizeText(valueBytes)}`}
        {valueFormat === 'text' && `No JSON: a text, ${sizeText(valueBytes)}`}
        {valueFormat === 'binary' && `No text: ${sizeText(valueBytes)}, shown as Base64`}
        {valueFormat === 'unreadable' && 'It could not be read.'}
        {valueTruncated && '; the beginning is shown'}
      </p>
      {isTree && !isRaw ? (
        <div className={styles['tree']} tabIndex={0} role="region" aria-label="What the message says, as a tree">
          <Node name={undefined} value={value} isOpen={!isFolded} isTop />
        </div>
      ) : (
        valueFormat !== 'none' && (
          <pre tabIndex={0} role="region" aria-label="What the message says, as it is written">
            {safeText(text)}
          </pre>
        )
      )}
    </section>
  );
}

interface NodeProps {
  readonly name: string | undefined;
  readonly value: unknown;
  readonly isOpen: boolean;
  readonly isTop?: boolean;
}

function Node({ name, value, isOpen, isTop = false }: NodeProps) {
  const [open, setOpen] = useState(isOpen || isTop);
  const [shown, setShown] = useState(SHOWN_MAX);
  const label = name === undefined ? null : <span className={styles['name']}>{safeText(name)}: </span>;
  if (typeof value !== 'object' || value === null)
    return (
      <div className={styles['leaf']}>
        {label}
        <code className={styles[typeof value]}>{safeText(JSON.stringify(value) ?? '')}</code>
      </div>
    );
  const members = Object.entries(value);
  const size = Array.isArray(value) ? `[${members.length}]` : `{${members.length}}`;
  return (
    <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {label}
        <span className="muted">{size}</span>
      </summary>
      {open && (
        <div className={styles['inner']}>
          {members.slice(0, shown).map(([key, inner]) => (
            <Node key={key} name={key} value={inner} isOpen={isOpen} />
          ))}
          {members.length > shown && (
            <Button onClick={() => setShown(shown + SHOWN_MAX)}>Show more of {members.length}</Button>
          )}
        </div>
      )}
    </details>
  );
}
