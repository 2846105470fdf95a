import { useEffect, useMemo, useRef, useState } from 'react';
import { useSettings } from '../shell/settings.js';
import { safeText } from '../ui/safe-text.js';
import { spanText, timeText } from '../ui/time-text.js';
import { useNow } from '../ui/time.js';
import { BOX_PX, DASHES, headOf, lineOf } from './arrow-shape.js';
import { chainOf } from './chain.js';
import { type DrawnMessage, type Drawing, LANE_PX } from './drawing.js';
import styles from './lanes.module.css';
import { Marks } from './marks-view.js';
import type { LaneMessage, Lanes } from './model.js';
import { GLYPHS, sentenceOf } from './sentence.js';

/** Rows that a lane's name has room for; all are in their own tab. */
const ROWS_BESIDE = 1;
/** Short enough to stand there. */
const ROW_NAMES: Readonly<Record<string, string>> = { orders: 'order', payment_intent: 'payment' };

interface Props {
  readonly drawing: Drawing;
  readonly selected: LaneMessage | undefined;
  readonly select: (message: LaneMessage | undefined) => void;
  /** The moment that is shown; undefined: the latest. */
  readonly at: number | undefined;
  readonly rows: Lanes['rows'];
  /** The latest stays in sight. */
  readonly follows: boolean;
  /** Is told how much room there is for the picture, in px. */
  readonly onWidth: (px: number) => void;
}

/** Services as lanes, time to the right, messages as arrows. Drawn by hand: lanes × time needs no layout engine. */
export function LanesView({ drawing, selected, select, at, rows, follows, onWidth }: Props) {
  const { width, height, lanes, undos, bandY, pivots } = drawing;
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) onWidth(Math.floor(entry.contentRect.width));
    });
    if (scroller.current) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, [onWidth]);
  useEffect(() => {
    if (follows) scroller.current?.scrollTo({ left: width });
  }, [follows, width]);
  const [hovered, setHovered] = useState<string>();
  const all = useMemo(() => drawing.messages.map(({ message }) => message), [drawing]);
  const lit = hovered ?? selected?.key;
  const chain = useMemo(() => (lit === undefined ? undefined : chainOf(lit, all)), [lit, all]);
  const shown = drawing.messages;
  const first = shown[0]?.message.key;
  return (
    <div className={styles['lanes']}>
      <div className={styles['names']} aria-hidden="true" style={{ height }}>
        {lanes.map(({ name, y }) => (
          <span key={name} style={{ top: y - 10 }}>
            {safeText(name)}
            {(rows.get(name) ?? []).slice(0, ROWS_BESIDE).map(({ table, key, version, state }) => (
              <small key={`${table} ${key}`} title={safeText(`${table} ${key}, version ${version}: ${state}`)}>
                {safeText(`${ROW_NAMES[table] ?? table} v${version} ${state}`)}
              </small>
            ))}
          </span>
        ))}
        {bandY !== undefined && (
          <span className={styles['band']} style={{ top: bandY + 8 }}>
            ↩ taken back
          </span>
        )}
      </div>
      <div ref={scroller} className={styles['scroller']}>
        <svg width={width} height={height} role="group" aria-label="Messages, each after what caused it">
          <defs>
            <pattern id="break" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <line x1="0" y1="0" x2="0" y2="6" className={styles['hatch']} />
            </pattern>
          </defs>
          <Time drawing={drawing} />
          {lanes.map(({ name, y, isMissing }) => (
            <g key={name}>
              {isMissing && (
                <>
                  <rect x={0} y={y - LANE_PX / 2} width={width} height={LANE_PX} fill="url(#break)" />
                  <text x={8} y={y + LANE_PX / 2 - 6} className={styles['missing']}>
                    ⊘ {safeText(name)} does not answer: what reached it is inferred
                  </text>
                </>
              )}
              <line x1={0} x2={width} y1={y} y2={y} className={styles['lane']} />
            </g>
          ))}
          {pivots.map(({ step, x }) => (
            <g key={step} className={styles['pivot']}>
              <line x1={x} x2={x} y1={30} y2={height} />
              <text x={x + 5} y={height - 4}>
                no way back from here: {safeText(step)}
              </text>
            </g>
          ))}
          {bandY !== undefined && <line x1={0} x2={width} y1={bandY} y2={bandY} className={styles['bandLine']} />}
          {undos.map(({ key, step, from, to, y, isDone }) => (
            <g key={key} className={`${styles['undo']} ${dimmed(chain, key)}`} aria-hidden="true">
              <line x1={from} x2={to + 9} y1={y} y2={y} strokeDasharray={isDone ? undefined : '4 4'} />
              <path d={`M${to} ${y} l9 -4.5 v9 z`} />
              <line x1={from} x2={from} y1={y - 5} y2={y + 5} />
              <text x={to + 14} y={y - 6}>
                {isDone ? '↺' : '↩'} {safeText(step)}
              </text>
            </g>
          ))}
          {at !== undefined && (
            <line x1={drawing.scale.x(at)} x2={drawing.scale.x(at)} y1={24} y2={height} className={styles['now']} />
          )}
          <Marks marks={drawing.marks} />
          {shown.map((drawn) => (
            <Message
              key={drawn.message.key}
              drawn={drawn}
              isSelected={drawn.message === selected}
              isFirst={selected === undefined && drawn.message.key === first}
              dim={dimmed(chain, drawn.message.key)}
              select={select}
              hover={setHovered}
            />
          ))}
          {/* Above all arrows, so that none crosses a name. */}
          {shown.map(({ message, label: { x, y, anchor } }) => (
            <text
              key={message.key}
              x={x}
              y={y}
              textAnchor={anchor}
              aria-hidden="true"
              className={`${styles['label']} ${message === selected ? styles['selected'] : ''} ${dimmed(chain, message.key)}`}
              onClick={() => select(message === selected ? undefined : message)}
              onPointerEnter={() => setHovered(message.key)}
              onPointerLeave={() => setHovered(undefined)}
            >
              {GLYPHS[message.meaning]} {safeText(message.type)}
              {message.attempt.of > 1 ? ` ×${message.attempt.number}` : ''}
            </text>
          ))}
        </svg>
      </div>
    </div>
  );
}

const dimmed = (chain: ReadonlySet<string> | undefined, key: string): string =>
  chain === undefined || chain.has(key) ? '' : (styles['dim'] ?? '');

interface MessageProps {
  readonly drawn: DrawnMessage;
  readonly isSelected: boolean;
  /** The one that Tab reaches while nothing is selected. */
  readonly isFirst: boolean;
  readonly dim: string;
  readonly select: (message: LaneMessage | undefined) => void;
  readonly hover: (key: string | undefined) => void;
}

/** An arrow that can be focused. Its hit area is wider than its line. */
function Message({ drawn, isSelected, isFirst, dim, select, hover }: MessageProps) {
  const { message, arrows, label, repetitions } = drawn;
  const group = useRef<SVGGElement>(null);
  useEffect(() => {
    if (!isSelected) return;
    group.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    if (document.activeElement?.closest('svg')) group.current?.focus({ preventScroll: true });
  }, [isSelected]);
  const toggle = (): void => select(isSelected ? undefined : message);
  const { meaning, version } = message;
  const [{ x1, y1 } = { x1: label.x, y1: label.y }] = arrows;
  return (
    <g
      ref={group}
      role="button"
      tabIndex={isSelected || isFirst ? 0 : -1}
      aria-pressed={isSelected}
      aria-label={safeText(sentenceOf(message))}
      className={`${styles['message']} ${styles[meaning]} ${dim}`}
      onClick={toggle}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        toggle();
      }}
      onPointerEnter={() => hover(message.key)}
      onPointerLeave={() => hover(undefined)}
    >
      {arrows.map((arrow) => (
        <g key={`${arrow.x2} ${arrow.y2}`}>
          <line {...lineOf(arrow)} className={styles['hit']} />
          <line {...lineOf(arrow)} className={styles['arrow']} strokeDasharray={DASHES[arrow.how]} />
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
      ))}
      {repetitions.map(({ x, y1: from, y2: to, offset, isObserved }) => (
        <g key={`${offset} ${to}`} className={`${styles['repetition']} ${isObserved ? styles['observed'] : ''}`}>
          <line x1={x} x2={x} y1={from} y2={to - Math.sign(to - from) * 5} strokeDasharray="1.5 3.5" />
          <circle cx={x} cy={to} r={5} />
          <line x1={x - 3.5} x2={x + 3.5} y1={to + 3.5} y2={to - 3.5} />
        </g>
      ))}
      {message.kind === 'command' ? (
        <path d={`M${x1} ${y1 - 5} l5 5 l-5 5 l-5 -5 z`} className={styles['dot']} />
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
}

/** The axis: the time of the first message, then spans since; pauses that were folded. */
function Time({ drawing: { ticks, breaks, height, scale } }: { readonly drawing: Drawing }) {
  const { clock } = useSettings();
  const now = useNow();
  return (
    <g className={styles['time']} aria-hidden="true">
      {ticks.map(({ x, at }, index) => (
        <g key={at}>
          <line x1={x} x2={x} y1={24} y2={height} />
          <text x={x} y={16} textAnchor={index === 0 ? 'start' : 'middle'}>
            {index === 0 ? timeText(at, clock, now) : `+${spanText(at - scale.start)}`}
          </text>
        </g>
      ))}
      {breaks.map(({ x, width, from, to }) => (
        <g key={from}>
          <rect x={x + 12} y={24} width={width - 24} height={height - 24} fill="url(#break)" />
          <text x={x + width / 2} y={36} textAnchor="middle" className={styles['pause']}>
            ≈ {spanText(to - from)}
          </text>
        </g>
      ))}
    </g>
  );
}
