import { type FocusEvent, type KeyboardEvent, memo, useEffect, useRef } from 'react';
import { safeText } from '../ui/safe-text.js';
import { barOf, BOX_PX, DASHES, headOf, lineOf } from './arrow-shape.js';
import type { DrawnMessage } from './drawing.js';
import { itemSentence } from './item-text.js';
import type { Item } from './items.js';
import styles from './lanes.module.css';
import type { LaneMessage } from './model.js';
import type { Arrow } from './strokes.js';

/** What can be done with what is drawn of messages. */
export interface Acts {
  readonly select: (message: LaneMessage | undefined) => void;
  /** Opens what is folded, and folds what is open. */
  readonly toggle: (item: Item) => void;
  /** Lights what led to it, and what followed; undefined: nothing more. */
  readonly light: (item: Item | undefined) => void;
}

export interface ItemProps {
  readonly isSelected: boolean;
  /** The one that Tab reaches while nothing is selected. */
  readonly isFirst: boolean;
  readonly dim: string;
  readonly acts: Acts;
}

/** What a message and a group have in common: they are reached, lit and used by mouse and by keys. */
export function useItem(item: Item, { isSelected, isFirst, acts }: ItemProps) {
  const group = useRef<SVGGElement>(null);
  useEffect(() => {
    if (!isSelected) return;
    group.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    if (document.activeElement?.closest('svg')) group.current?.focus({ preventScroll: true });
  }, [isSelected]);
  const [first] = item.messages;
  const isOne = item.kind === 'message';
  const use = (): void => {
    if (!isOne) acts.toggle(item);
    else acts.select(isSelected ? undefined : first);
  };
  return {
    ref: group,
    role: 'button',
    tabIndex: isSelected || isFirst ? 0 : -1,
    // Where the focus goes when what had it is drawn otherwise.
    'data-first': first.key,
    ...(isOne
      ? { 'aria-pressed': isSelected }
      : { 'aria-expanded': false, 'aria-current': isSelected ? ('true' as const) : undefined }),
    'aria-label': safeText(itemSentence(item)),
    onClick: use,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      use();
    },
    onPointerEnter: () => acts.light(item),
    onPointerLeave: () => acts.light(undefined),
    onFocus: ({ currentTarget }: FocusEvent) => {
      if (currentTarget.matches(':focus-visible')) acts.light(item);
    },
    onBlur: () => acts.light(undefined),
  };
}

/** An arrow that can be focused. Its hit area is wider than its line. Of a command that was sent several times, one for all. */
export const Message = memo(function Message({ drawn, ...props }: ItemProps & { readonly drawn: DrawnMessage }) {
  const { item, message, arrows, label, repetitions } = drawn;
  const { meaning, version, kind } = message;
  const [{ x1, y1 } = { x1: label.x, y1: label.y }] = arrows;
  const diamond = (at: number): string => `M${x1 + at} ${y1 - 5 + at} l5 5 l-5 5 l-5 -5 z`;
  return (
    <g {...useItem(item, props)} className={`${styles['message']} ${styles[meaning]} ${props.dim}`}>
      {arrows.map((arrow) => (
        <ArrowLine key={`${arrow.x2} ${arrow.y2}`} arrow={arrow} />
      ))}
      {repetitions.map(({ x, y1: from, y2: to, offset, isObserved }) => (
        <g key={`${offset} ${to}`} className={`${styles['repetition']} ${isObserved ? styles['observed'] : ''}`}>
          <line x1={x} x2={x} y1={from} y2={to - Math.sign(to - from) * 5} strokeDasharray="1.5 3.5" />
          <circle cx={x} cy={to} r={5} />
          <line x1={x - 3.5} x2={x + 3.5} y1={to + 3.5} y2={to - 3.5} />
        </g>
      ))}
      {item.kind === 'stack' && <path d={diamond(4)} className={styles['under']} />}
      {kind === 'command' ? (
        <path d={diamond(0)} className={styles['dot']} />
      ) : (
        <circle cx={x1} cy={y1} r={4.5} className={styles['dot']} />
      )}
      {version !== undefined && (
        <text x={x1 + 7} y={y1 + 15} className={styles['version']}>
          v{safeText(version)}
        </text>
      )}
    </g>
  );
});

/** Its ticks are a bar where Kafka took the message, and a ring where its sender committed it. */
function ArrowLine({ arrow }: { readonly arrow: Arrow }) {
  const line = lineOf(arrow);
  return (
    <g>
      <line {...line} className={styles['hit']} />
      <line {...line} className={styles['arrow']} strokeDasharray={DASHES[arrow.how]} />
      {arrow.ticks.map((tick) => (
        <g key={tick.kind} className={styles['tick']}>
          {tick.isBeyond && <line x1={line.x2} y1={tick.y} x2={tick.x} y2={tick.y} strokeDasharray="1 3" />}
          {tick.kind === 'kafka' ? <line {...barOf(line, tick)} /> : <circle cx={tick.x} cy={tick.y} r={3} />}
        </g>
      ))}
      {arrow.how === 'parked' ? (
        <rect
          x={arrow.x2 - BOX_PX / 2}
          y={arrow.y2 - BOX_PX / 2}
          width={BOX_PX}
          height={BOX_PX}
          className={styles['box']}
        />
      ) : (
        <path d={headOf(arrow)} className={styles['head']} />
      )}
    </g>
  );
}
