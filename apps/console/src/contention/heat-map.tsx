import { safeText } from '../ui/safe-text.js';
import { Scroller } from '../ui/scroller.js';
import { COLUMN_MS, type Cell, type Heat, type HeatRow } from './heat.js';
import { GLYPHS, LOCKED_GLYPH } from './level.js';
import { ofHundred } from './reason.js';
import styles from './contention.module.css';

const LABEL = 250;
const CELL = 46;
const ROW = 28;
const HEAD = 20;
/** Of a name beside its row; the table has the whole. */
const LABEL_CHARACTERS = 32;

interface Props {
  readonly heat: Heat;
  readonly selected: string | undefined;
  readonly select: (sel: string) => void;
}

/** The keys that conflict most × time: shade and number for the share that was lost, a bar for the writes. Its table twin says the same. */
export function HeatMap({ heat: { columns, rows }, selected, select }: Props) {
  const [width, height] = [LABEL + columns.length * CELL, HEAD + rows.length * ROW];
  return (
    <figure className={styles['figure']} aria-labelledby="heat-title">
      <figcaption id="heat-title">
        Writes that met a conflict, of 100, in five seconds each:{' '}
        {['none', 'to 5', 'to 10', 'to 20: elevated', 'above: high'].map((text, shade) => (
          <span key={text} className={`${styles['key']} ${styles[`ground${shade}`]}`}>
            {GLYPHS[shade]} {text}
          </span>
        ))}
        <span className={`${styles['key']} ${styles['lockedKey']}`}>{LOCKED_GLYPH} locked as it is read</span> the bar:
        how many writes
      </figcaption>
      <Scroller label="The drawing of the keys" className={styles['scroller']}>
        <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
          {columns.map((at, column) => (
            <text key={at} x={LABEL + (column + 0.5) * CELL} y={13} className={styles['time']}>
              {column === columns.length - 1 ? 'now' : `−${((columns.length - 1 - column) * COLUMN_MS) / 1_000} s`}
            </text>
          ))}
          {rows.map((row, place) => (
            <Row key={row.sel} row={row} y={HEAD + place * ROW} isSelected={row.sel === selected} select={select} />
          ))}
        </svg>
      </Scroller>
    </figure>
  );
}

interface RowProps {
  readonly row: HeatRow;
  readonly y: number;
  readonly isSelected: boolean;
  readonly select: (sel: string) => void;
}

function Row({ row: { sel, service, hot, cells }, y, isSelected, select }: RowProps) {
  const name = safeText(`${service} ${hot.entity} ${hot.key}`);
  return (
    <g className={styles['row']} transform={`translate(0 ${y})`} onClick={() => select(sel)}>
      <title>{name}</title>
      <rect
        width={LABEL + cells.length * CELL}
        height={ROW}
        className={isSelected ? styles['selected'] : styles['bare']}
      />
      <text x={4} y={18} className={styles['label']}>
        {name.length > LABEL_CHARACTERS ? `${name.slice(0, LABEL_CHARACTERS - 1)}…` : name}
      </text>
      {cells.map((cell, column) => (
        <Square key={cell.at} cell={cell} x={LABEL + column * CELL} />
      ))}
    </g>
  );
}

function Square({ cell, x }: { readonly cell: Cell; readonly x: number }) {
  const { attempts, lost, share, shade, width, isLocked } = cell;
  const inner = CELL - 4;
  return (
    <g transform={`translate(${x} 0)`}>
      <title>{cellText(cell)}</title>
      <rect x={1} y={1} width={CELL - 2} height={ROW - 2} className={styles[`ground${shade}`]} />
      {isLocked && <rect x={1.5} y={1.5} width={CELL - 3} height={ROW - 3} className={styles['lockedFrame']} />}
      {attempts + lost > 0 && (
        <text x={CELL / 2} y={17} className={styles['share']}>
          {isLocked && lost === 0 ? LOCKED_GLYPH : `${GLYPHS[shade]} ${Math.round(100 * (share ?? 0))}`}
        </text>
      )}
      <rect x={2} y={ROW - 5} width={inner * width} height={3} className={styles['writes']} />
    </g>
  );
}

/** A cell as its table twin and its tip say it. */
export function cellText({ attempts, lost, share, isLocked }: Cell): string {
  const how = isLocked ? ', locked' : '';
  return attempts + lost === 0 ? '–' : `${lost} of ${attempts} (${ofHundred(share ?? 0)} of 100)${how}`;
}
