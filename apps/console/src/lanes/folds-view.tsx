import { memo } from 'react';
import { safeText } from '../ui/safe-text.js';
import { type DrawnGroup, type Drawing, OPENED_PX } from './drawing.js';
import type { Item } from './items.js';
import styles from './lanes.module.css';
import { type ItemProps, useItem } from './message-view.js';

/** Messages that are drawn as one box. */
export const Group = memo(function Group({ drawn, ...props }: ItemProps & { readonly drawn: DrawnGroup }) {
  const { item, x, y, width, height } = drawn;
  return (
    <g {...useItem(item, props)} className={`${styles['message']} ${styles['group']} ${props.dim}`}>
      <rect x={x} y={y} width={width} height={height} rx={4} />
    </g>
  );
});

interface ToggleProps {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly text: string;
  readonly sentence: string;
  readonly isOpen: boolean;
  readonly act: () => void;
}

const TOGGLE_PX = 24;

/** A button of the picture: what is folded opens, what is open folds. */
export const Toggle = ({ x, y, width, text, sentence, isOpen, act }: ToggleProps) => (
  <g
    role="button"
    tabIndex={0}
    aria-expanded={isOpen}
    aria-label={safeText(sentence)}
    className={styles['toggle']}
    onClick={act}
    onKeyDown={(event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      act();
    }}
  >
    <rect x={x} y={y} width={width} height={TOGGLE_PX} rx={4} />
    <text x={x + width / 2} y={y + 16} textAnchor="middle">
      {safeText(text)}
    </text>
  </g>
);

/** What is open, each folded again by a button. */
export const Opened = ({
  drawing: { opened, openedY },
  fold,
}: {
  readonly drawing: Drawing;
  readonly fold: (item: Item) => void;
}) =>
  openedY !== undefined && (
    <g role="group" aria-label="What is opened">
      {opened.map(({ item, x, width, text, sentence }) => (
        <Toggle
          key={item.fold}
          {...{ x, width, text, sentence }}
          y={openedY + (OPENED_PX - TOGGLE_PX) / 2}
          isOpen
          act={() => fold(item)}
        />
      ))}
    </g>
  );
