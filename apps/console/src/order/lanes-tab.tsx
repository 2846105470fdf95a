import { useMemo, useState } from 'react';
import { drawingOf } from '../lanes/drawing.js';
import { LanesView } from '../lanes/lanes-view.js';
import { MessageDetails } from '../lanes/message-details.js';
import { MessagesTable } from '../lanes/messages-table.js';
import type { LaneMessage, Lanes } from '../lanes/model.js';
import { isSamePosition, positionOf, selectionOf } from '../lanes/position.js';
import { useKeys } from '../shell/keys.js';
import { Button } from '../ui/button.js';
import { spanText } from '../ui/time-text.js';
import { type OrderSearch, without } from './order-search.js';
import styles from './order.module.css';

interface Props {
  readonly lanes: Lanes;
  readonly view: 'lanes' | 'list';
  readonly search: OrderSearch;
  readonly change: (search: OrderSearch) => void;
  readonly isUnderWay: boolean;
  /** By the stream. */
  readonly isTold: boolean;
}

/** The lanes, or the same as a table; the selection, the moment and the switches are of the address, so both show the same. */
export function LanesTab({ lanes, view, search, change, isUnderWay, isTold }: Props) {
  const { at, sel, repeated = false, unfolded = false, follow = false } = search;
  const [fitPx, setFitPx] = useState<number>();
  const drawing = useMemo(
    () => drawingOf(lanes, { foldPauses: !unfolded, showRepeated: repeated, fitPx: unfolded ? undefined : fitPx }),
    [lanes, unfolded, repeated, fitPx],
  );
  const { messages } = lanes;
  const position = positionOf(sel);
  const selected = position && messages.find(({ landing }) => isSamePosition(landing, position));
  const moments = useMemo(() => [...new Set(messages.map(({ saidAt }) => saidAt))].sort((a, b) => a - b), [messages]);
  const isShown = ({ saidAt }: LaneMessage): boolean => at === undefined || saidAt <= at;
  const select = (message: LaneMessage | undefined): void => {
    change(message ? { ...search, sel: selectionOf(message.landing) } : without(search, 'sel'));
  };
  const setMoment = (moment: number | undefined): void => {
    const isLatest = moment === undefined || moment === moments.at(-1);
    change(isLatest ? without(search, 'at') : { ...search, at: moment });
  };
  const index = at === undefined ? moments.length - 1 : moments.findLastIndex((moment) => moment <= at);
  const go = (by: number): void => {
    const shown = messages.filter(isShown);
    const now = selected ? shown.indexOf(selected) : by > 0 ? -1 : shown.length;
    select(shown[Math.min(Math.max(now + by, 0), shown.length - 1)]);
  };
  const goLane = (by: number): void => {
    const from = selected ? lanes.lanes.indexOf(selected.from) : by > 0 ? -1 : lanes.lanes.length;
    for (let lane = from + by; lane >= 0 && lane < lanes.lanes.length; lane += by) {
      const there = messages.filter((message) => message.from === lanes.lanes[lane] && isShown(message));
      const nearest = there.sort((a, b) => apart(a, selected) - apart(b, selected))[0];
      if (nearest) return select(nearest);
    }
  };
  const flip = (name: 'repeated' | 'unfolded' | 'follow'): void => {
    change(search[name] ? without(search, name) : { ...search, [name]: true });
  };
  useKeys({
    ArrowRight: () => go(1),
    ArrowLeft: () => go(-1),
    ArrowDown: () => (view === 'lanes' ? goLane(1) : go(1)),
    ArrowUp: () => (view === 'lanes' ? goLane(-1) : go(-1)),
    j: () => go(1),
    k: () => go(-1),
    '.': () => setMoment(moments[Math.min(index + 1, moments.length - 1)]),
    ',': () => setMoment(moments[Math.max(index - 1, 0)]),
    '0': () => setMoment(undefined),
    z: () => flip('unfolded'),
    d: () => flip('repeated'),
    f: () => flip('follow'),
  });
  const [start = 0] = moments;
  const moment = moments[Math.max(index, 0)] ?? start;
  return (
    <>
      <div className={styles['tools']}>
        <label className={styles['scrub']}>
          Moment
          <input
            type="range"
            min={0}
            max={Math.max(moments.length - 1, 0)}
            value={Math.max(index, 0)}
            aria-valuetext={`${spanText(moment - start)} after the first message`}
            onChange={({ target }) => setMoment(moments[Number(target.value)])}
          />
          <output>{spanText(moment - start)}</output>
        </label>
        <Button shortcut="d" pressed={repeated} disabled={lanes.repeatedRecords === 0} onClick={() => flip('repeated')}>
          {lanes.repeatedRecords} repeated
        </Button>
        {view === 'lanes' && (
          <Button shortcut="z" pressed={!unfolded} onClick={() => flip('unfolded')}>
            Pauses folded
          </Button>
        )}
        {view === 'lanes' && (
          <Button shortcut="f" pressed={follow} onClick={() => flip('follow')}>
            Follow
          </Button>
        )}
        {isUnderWay && (
          <span className="muted">◐ under way{isTold ? ', as it happens' : ': asked again every second'}</span>
        )}
      </div>
      <div className={styles['panes']}>
        {view === 'lanes' ? (
          <LanesView
            drawing={drawing}
            selected={selected}
            select={select}
            isShown={isShown}
            at={at}
            rows={lanes.rows}
            follows={follow && at === undefined}
            onWidth={setFitPx}
          />
        ) : (
          <MessagesTable lanes={lanes} selected={selected} select={select} isShown={isShown} showRepeated={repeated} />
        )}
        <MessageDetails lanes={lanes} message={selected} select={select} />
      </div>
    </>
  );
}

const apart = (message: LaneMessage, other: LaneMessage | undefined): number =>
  Math.abs(message.saidAt - (other?.saidAt ?? message.saidAt));
