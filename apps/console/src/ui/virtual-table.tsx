import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { type Density, useSettings } from '../shell/settings.js';
import { ROW_PX } from './density.js';
import { isOfRow } from './row-click.js';
import { useMedia } from './use-media.js';
import styles from './virtual-table.module.css';

/** Rows beyond what is seen, on each side. */
const OVERSCAN = 8;
/** The next page is asked for when so few rows are left. */
const AHEAD = 40;

export interface VirtualRows {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Those that are there. */
  readonly items: readonly VirtualItem[];
  readonly count: number;
  readonly heightPx: number;
  readonly areCards: boolean;
  readonly hasMore: boolean;
}

interface Wish {
  readonly count: number;
  /** Where a row is a card: a media query, and the height of the card. */
  readonly narrow: string;
  readonly cardPx: Readonly<Record<Density, number>>;
  /** Its id, and where it stands, -1 while it is not there. The row comes into view when another is selected. */
  readonly selected: { readonly id: string | undefined; readonly index: number };
  /** Asks for the next page; undefined when there is none, or it is not asked for by itself. */
  readonly more: (() => void) | undefined;
}

/** Only the rows that are seen are there. */
export function useVirtualRows({ count, narrow, cardPx, selected: { id, index }, more }: Wish): VirtualRows {
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useRef<string>(undefined);
  const { density } = useSettings();
  const areCards = useMedia(narrow);
  const px = areCards ? cardPx[density] : ROW_PX[density];
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => px,
    overscan: OVERSCAN,
    // The titles stay where they are, and take as much of the view from the rows.
    scrollPaddingEnd: areCards ? 0 : px,
  });
  useEffect(() => rows.measure(), [rows, px]);
  useEffect(() => {
    // New rows move it; whoever reads elsewhere is not taken back for that.
    if (id !== undefined && (shown.current === id || index < 0)) return;
    shown.current = id;
    if (index >= 0) rows.scrollToIndex(index);
  }, [rows, id, index]);
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= count - AHEAD) more();
  }, [more, last, count]);
  return { scroller, items, count, heightPx: rows.getTotalSize(), areCards, hasMore: more !== undefined };
}

export interface Column {
  readonly title: string;
  /** Gives the column its place in a card. */
  readonly className: string | undefined;
  /** Read aloud only. */
  readonly isUnseen?: boolean;
}

interface TableProps {
  readonly of: VirtualRows;
  readonly label: string;
  /** What scrolls; default: the table's label. */
  readonly region?: string;
  /** Of the table: how wide it is at least, and its columns, which are those of each `.row` in it. */
  readonly className: string | undefined;
  /** Of the row of titles, as of the others. */
  readonly rowClassName: string | undefined;
  readonly columns: readonly Column[];
  readonly children: (item: VirtualItem) => ReactNode;
}

/** The table says how many rows there are. Cards have no titles. */
export function VirtualTable({ of, label, region = label, className, rowClassName, columns, children }: TableProps) {
  return (
    <div ref={of.scroller} className={styles['scroller']} tabIndex={0} role="region" aria-label={region}>
      <div role="table" aria-label={label} aria-rowcount={of.hasMore ? -1 : of.count + 1} className={className}>
        {!of.areCards && (
          <div role="rowgroup" className={styles['titles']}>
            <div role="row" aria-rowindex={1} className={`${styles['row']} ${rowClassName}`}>
              {columns.map(({ title, className: ofColumn, isUnseen }) => (
                <span key={title} role="columnheader" className={ofColumn}>
                  {isUnseen ? <span className="unseen">{title}</span> : title}
                </span>
              ))}
            </div>
          </div>
        )}
        <div role="rowgroup" className={styles['rows']} style={{ height: of.heightPx }}>
          {of.items.map(children)}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly item: VirtualItem;
  readonly className: string | undefined;
  readonly isSelected: boolean;
  /** A click on it, beside what is clicked in it by itself. */
  readonly select: () => void;
  /** Its cells: `span`s with `role="cell"`. The one with its link has {@link LINK}. */
  readonly children: ReactNode;
}

export function VirtualRow({ item: { index, start, size }, className, isSelected, select, children }: RowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${styles['row']} ${className} ${isSelected ? styles['selected'] : ''}`}
      style={{ height: size, transform: `translateY(${start}px)` }}
      onClick={(event) => {
        if (isOfRow(event)) select();
      }}
    >
      {children}
    </div>
  );
}

/** A cell that is nothing but a link. */
export const LINK = styles['link'];

/** For the link of a row. The focus goes with the selection, while it is in the table. */
export function useSelectedFocus(isSelected: boolean): RefObject<HTMLAnchorElement | null> {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isSelected && document.activeElement?.closest('[role="table"]')) link.current?.focus({ preventScroll: true });
  }, [isSelected]);
  return link;
}
