import { useSettings } from '../shell/settings.js';
import { spanText, timeText } from '../ui/time-text.js';
import { useNow } from '../ui/time.js';
import type { Drawing, DrawnBreak } from './drawing.js';
import { Toggle } from './folds-view.js';
import styles from './lanes.module.css';
import { type Break, pauseFold } from './time-scale.js';

/** The axis: the time of the first message, then spans since; and where a pause is folded. */
export function Axis({ drawing: { ticks, breaks, height, scale } }: { readonly drawing: Drawing }) {
  const { clock } = useSettings();
  const now = useNow();
  return (
    <g className={styles['time']} aria-hidden="true">
      {ticks.map(({ x, at, isFirst }) => (
        <g key={at}>
          <line x1={x} x2={x} y1={24} y2={height} />
          <text x={x} y={16} textAnchor={isFirst ? 'start' : 'middle'}>
            {isFirst ? timeText(at, clock, now) : `+${spanText(at - scale.start)}`}
          </text>
        </g>
      ))}
      {breaks.map(({ x, width, from }) => (
        <rect key={from} x={x + 12} y={24} width={Math.max(0, width - 24)} height={height - 24} fill="url(#break)" />
      ))}
    </g>
  );
}

const OPEN_PX = 72;

interface PausesProps {
  readonly drawing: Drawing;
  /** Opens a pause that is folded, and folds one that is open. */
  readonly toggle: (fold: string) => void;
}

/** Each long pause is a button. It is the same one while it is folded and while it is open, and keeps the focus. */
export function Pauses({ drawing: { breaks, openBreaks }, toggle }: PausesProps) {
  const all = [
    ...breaks.map((one) => ({ ...one, isOpen: false })),
    ...openBreaks.map((one) => ({ ...one, isOpen: true })),
  ].sort((a, b) => a.from - b.from);
  if (all.length === 0) return null;
  return (
    <g role="group" aria-label="Long pauses">
      {all.map((one) => (
        <g key={one.from} className={styles['pause']}>
          {one.isOpen && <path d={bracketOf(one)} aria-hidden="true" />}
          <Toggle
            x={one.isOpen ? one.x + (one.width - OPEN_PX) / 2 : one.x}
            y={20}
            width={one.isOpen ? OPEN_PX : one.width}
            text={`${one.isOpen ? '⊟' : '≈'} ${spanText(one.to - one.from)}`}
            sentence={sentenceOf(one)}
            isOpen={one.isOpen}
            act={() => toggle(pauseFold(one))}
          />
        </g>
      ))}
    </g>
  );
}

/** What was sent again meanwhile, and is drawn with its first sending, was no message's end: the pause says so. */
function sentenceOf({ from, to, stacked, isOpen }: DrawnBreak & { readonly isOpen: boolean }): string {
  const again =
    stacked > 0 ? `, in which ${stacked === 1 ? 'a command was' : `${stacked} commands were`} sent again` : '';
  return `A pause of ${spanText(to - from)}${again}, ${isOpen ? 'as long as it was' : 'folded'}`;
}

/** From where the pause began to where it ended. */
const bracketOf = ({ x, width }: Break): string => `M${x} 38 v-6 h${width} v6`;
