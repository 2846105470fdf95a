import { useEffect, useMemo, useRef, useState } from 'react';
import { safeText } from '../ui/safe-text.js';
import { chainOf } from './chain.js';
import { type Drawing, LANE_PX } from './drawing.js';
import { Group, Opened } from './folds-view.js';
import { inView } from './in-view.js';
import type { Item } from './items.js';
import styles from './lanes.module.css';
import { Marks } from './marks-view.js';
import { type Acts, Message } from './message-view.js';
import type { LaneMessage, Lanes } from './model.js';
import { positionText } from './position.js';
import { Axis, Pauses } from './time-view.js';
import { useSpan } from './use-span.js';

/** Rows that a lane's name has room for; all are in their own tab. */
const ROWS_BESIDE = 1;
/** Short enough to stand there. */
const ROW_NAMES: Readonly<Record<string, string>> = { orders: 'order', payment_intent: 'payment' };

interface Props {
  readonly drawing: Drawing;
  readonly selected: LaneMessage | undefined;
  readonly select: (message: LaneMessage | undefined) => void;
  /** Opens what is folded, and folds what is open: a pause, a stack, a group, as an address says it. */
  readonly toggle: (fold: string) => void;
  /** The moment that is shown; undefined: the latest. */
  readonly at: number | undefined;
  readonly rows: Lanes['rows'];
  /** The latest stays in sight. */
  readonly follows: boolean;
  /** Is told how much room there is for the picture, in px. */
  readonly onWidth: (px: number) => void;
}

/** Services as lanes, time to the right, messages as arrows. Drawn by hand: lanes × time needs no layout engine. */
export function LanesView({ drawing, selected, select, toggle, at, rows, follows, onWidth }: Props) {
  const { width, height, lanes, bandY, items } = drawing;
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
  const span = useSpan(scroller);
  const seen = useMemo(() => inView(drawing, span, selected?.key), [drawing, span, selected]);
  const [lit, setLit] = useState<Item>();
  const all = useMemo(() => items.flatMap(({ messages }) => messages), [items]);
  const chain = useMemo(() => {
    const keys = lit?.messages.map(({ key }) => key) ?? (selected ? [selected.key] : undefined);
    return keys && chainOf(keys, all);
  }, [lit, selected, all]);
  const refocus = useRef<string>(undefined);
  useEffect(() => {
    const key = refocus.current;
    refocus.current = undefined;
    if (key !== undefined)
      scroller.current?.querySelector<SVGElement>(`[data-first="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  }, [drawing]);
  const latest = useRef({ select, toggle });
  useEffect(() => {
    latest.current = { select, toggle };
  });
  // The same for good: what is drawn is drawn anew when it changes, and not with every frame that is played.
  const [acts] = useState<Acts>(() => ({
    select: (message) => latest.current.select(message),
    toggle: ({ fold, messages: [{ key }] }) => {
      refocus.current = key;
      latest.current.toggle(fold);
    },
    light: setLit,
  }));
  const isSelected = ({ messages }: Item): boolean => messages.some(({ key }) => key === selected?.key);
  const propsOf = (item: Item) => ({
    isSelected: isSelected(item),
    isFirst: selected === undefined && item === items[0],
    dim: dimmed(chain, item),
    acts,
  });
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
        <svg width={width} height={height} role="group" aria-label="The order, service by service">
          <defs>
            <pattern id="break" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <line x1="0" y1="0" x2="0" y2="6" className={styles['hatch']} />
            </pattern>
          </defs>
          <Axis drawing={seen} />
          <Ground drawing={seen} chain={chain} at={at} />
          <Pauses drawing={seen} toggle={toggle} />
          <Marks marks={seen.marks} />
          <g role="group" aria-label="Messages, each after what caused it">
            {seen.groups.map((drawn) => (
              <Group key={drawn.item.messages[0].key} drawn={drawn} {...propsOf(drawn.item)} />
            ))}
            {seen.messages.map((drawn) => (
              <Message key={drawn.message.key} drawn={drawn} {...propsOf(drawn.item)} />
            ))}
          </g>
          {/* Above all arrows, so that none crosses a name. */}
          {[...seen.messages, ...seen.groups].map(({ item, label: { x, y, anchor, text } }) => (
            <text
              key={item.fold}
              x={x}
              y={y}
              textAnchor={anchor}
              aria-hidden="true"
              className={`${styles['label']} ${isSelected(item) ? styles['selected'] : ''} ${dimmed(chain, item)}`}
              onClick={() => {
                if (item.kind !== 'message') acts.toggle(item);
                else select(isSelected(item) ? undefined : item.messages[0]);
              }}
              onPointerEnter={() => setLit(item)}
              onPointerLeave={() => setLit(undefined)}
            >
              {safeText(text)}
              {(isSelected(item) || item === lit) && <Where item={item} />}
            </text>
          ))}
          <Opened drawing={seen} fold={acts.toggle} />
        </svg>
      </div>
    </div>
  );
}

/** Whose name is looked at says where its message lies; there is no room for all of them. */
const Where = ({ item: { kind, messages } }: { readonly item: Item }) =>
  kind === 'message' && <tspan className={styles['where']}> {positionText(messages[0].landing)}</tspan>;

const dimmed = (chain: ReadonlySet<string> | undefined, { messages }: Pick<Item, 'messages'>): string =>
  chain === undefined || messages.some(({ key }) => chain.has(key)) ? '' : (styles['dim'] ?? '');

interface GroundProps {
  readonly drawing: Drawing;
  readonly chain: ReadonlySet<string> | undefined;
  readonly at: number | undefined;
}

/** What lies below the arrows: lanes, points of no return, the band of compensations, and the moment that is shown. */
function Ground({ drawing, chain, at }: GroundProps) {
  const { width, height, lanes, undos, bandY, pivots, scale } = drawing;
  return (
    <>
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
      {pivots.map(({ key, step, x }) => (
        <g key={key} className={styles['pivot']}>
          <line x1={x} x2={x} y1={30} y2={height} />
          <text x={x + 5} y={height - 4}>
            no way back from here: {safeText(step)}
          </text>
        </g>
      ))}
      {bandY !== undefined && <line x1={0} x2={width} y1={bandY} y2={bandY} className={styles['bandLine']} />}
      {undos.map(({ key, step, from, to, y, stepY, isDone }) => (
        <g
          key={key}
          className={`${styles['undo']} ${chain === undefined || chain.has(key) ? '' : styles['dim']}`}
          aria-hidden="true"
        >
          <line x1={to} x2={to} y1={y} y2={stepY} className={styles['join']} />
          <line x1={from} x2={to + 9} y1={y} y2={y} strokeDasharray={isDone ? undefined : '4 4'} />
          <path d={`M${to} ${y} l9 -4.5 v9 z`} />
          <line x1={from} x2={from} y1={y - 5} y2={y + 5} />
          <text x={to + 14} y={y - 6}>
            {isDone ? '↺' : '↩'} {safeText(step)}
          </text>
        </g>
      ))}
      {at !== undefined && <line x1={scale.x(at)} x2={scale.x(at)} y1={24} y2={height} className={styles['now']} />}
    </>
  );
}
