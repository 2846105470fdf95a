import { useMemo, useState } from 'react';
import { drawingOf } from '../lanes/drawing.js';
import { LanesView } from '../lanes/lanes-view.js';
import { Legend } from '../lanes/legend.js';
import { MessageDetails } from '../lanes/message-details.js';
import { MessagesTable } from '../lanes/messages-table.js';
import type { LaneMessage, Lanes } from '../lanes/model.js';
import { lanesAt, timesOf } from '../lanes/moment.js';
import { allToggled, type Folding, openOf, toggled } from '../lanes/open.js';
import { isSamePosition, positionOf, selectionOf } from '../lanes/position.js';
import { useKeys } from '../shell/keys.js';
import { useIsBeside } from '../shell/use-inspector.js';
import { Button } from '../ui/button.js';
import { Banner } from '../ui/notices.js';
import { Time } from '../ui/time.js';
import { Moment } from './lanes-tools.js';
import { type OrderSearch, without } from './order-search.js';
import { usePlay } from './use-play.js';
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
export function LanesTab({ lanes: whole, view, search, change, isUnderWay, isTold }: Props) {
  const { sel, repeated = false, unfolded = false, open: opened, follow = false } = search;
  const open = useMemo(() => openOf(opened), [opened]);
  const [fitPx, setFitPx] = useState<number>();
  const isBeside = useIsBeside();
  const moments = useMemo(
    () => [...new Set(whole.messages.map(({ saidAt }) => saidAt))].sort((a, b) => a - b),
    [whole],
  );
  const times = useMemo(() => timesOf(whole), [whole]);
  const [start = 0] = moments;
  const foldPauses = !unfolded;
  const pauses = useMemo(
    () => drawingOf(whole, { foldPauses, open, showRepeated: true }).breaks,
    [whole, foldPauses, open],
  );
  const setMoment = (moment: number | undefined): void => {
    const isLatest = moment === undefined || moment >= (times.at(-1) ?? moment);
    change(isLatest ? without(search, 'at') : { ...search, at: moment });
  };
  const play = usePlay({ start, end: times.at(-1) ?? start, at: search.at, pauses, stopAt: setMoment });
  const at = play.at ?? search.at;
  // Between two times nothing changes but where the line of the moment is.
  const settled = at === undefined ? undefined : (times.findLast((time) => time <= at) ?? at);
  const lanes = useMemo(() => lanesAt(whole, settled), [whole, settled]);
  const drawing = useMemo(
    () => drawingOf(lanes, { foldPauses, open, showRepeated: repeated, fitPx: unfolded ? undefined : fitPx, whole }),
    [lanes, whole, foldPauses, open, unfolded, repeated, fitPx],
  );
  const { messages } = lanes;
  const position = positionOf(sel);
  const selected = position && messages.find(({ landing }) => isSamePosition(landing, position));
  const select = (message: LaneMessage | undefined): void => {
    change(message ? { ...search, sel: selectionOf(message.landing) } : without(search, 'sel'));
  };
  const index = at === undefined ? moments.length - 1 : moments.findLastIndex((moment) => moment <= at);
  const stepTo = (next: number): void => {
    const moment = moments[Math.min(Math.max(next, 0), moments.length - 1)];
    setMoment(moment === moments.at(-1) ? undefined : moment);
  };
  /** What the keys go through: in the lanes what is drawn, in the table each message. */
  const stops = view === 'lanes' ? drawing.items.map((item) => item.messages) : messages.map((one) => [one]);
  const go = (by: number): void => {
    const all = stops.length;
    const now = selected ? stops.findIndex((members) => members.includes(selected)) : by > 0 ? -1 : all;
    select(stops[Math.min(Math.max(now + by, 0), all - 1)]?.[0]);
  };
  const goLane = (by: number): void => {
    const from = selected ? lanes.lanes.indexOf(selected.from) : by > 0 ? -1 : lanes.lanes.length;
    for (let lane = from + by; lane >= 0 && lane < lanes.lanes.length; lane += by) {
      const there = stops.flatMap(([first]) => (first && first.from === lanes.lanes[lane] ? first : []));
      const nearest = there.sort((a, b) => apart(a, selected) - apart(b, selected))[0];
      if (nearest) return select(nearest);
    }
  };
  const flip = (name: 'repeated' | 'follow'): void => {
    change(search[name] ? without(search, name) : { ...search, [name]: true });
  };
  const fold = (folded: Folding): void => change({ ...without(without(search, 'unfolded'), 'open'), ...folded });
  const toggle = (one: string): void => fold(toggled(search, one, drawing.openBreaks));
  useKeys({
    ArrowRight: () => go(1),
    ArrowLeft: () => go(-1),
    ArrowDown: () => (view === 'lanes' ? goLane(1) : go(1)),
    ArrowUp: () => (view === 'lanes' ? goLane(-1) : go(-1)),
    j: () => go(1),
    k: () => go(-1),
    '.': () => stepTo(index + 1),
    ',': () => stepTo(index - 1),
    '0': () => setMoment(undefined),
    p: play.toggle,
    Enter: () => {
      const here = selected && drawing.items.find((item) => item.messages.includes(selected));
      if (view === 'lanes' && here && here.kind !== 'message') toggle(here.fold);
    },
    z: () => fold(allToggled(search)),
    d: () => flip('repeated'),
    f: () => flip('follow'),
  });
  return (
    <>
      <div className={styles['tools']}>
        <Moment moments={moments} moment={at ?? moments.at(-1) ?? start} play={play} stepTo={stepTo} />
        <Button shortcut="d" pressed={repeated} disabled={whole.repeatedRecords === 0} onClick={() => flip('repeated')}>
          {whole.repeatedRecords} repeated
        </Button>
        {view === 'lanes' && (
          <Button shortcut="z" pressed={!unfolded && open.size === 0} onClick={() => fold(allToggled(search))}>
            All folded
          </Button>
        )}
        {view === 'lanes' && (
          <Button shortcut="f" pressed={follow} onClick={() => flip('follow')}>
            Follow
          </Button>
        )}
        {view === 'lanes' && drawing.groups.length > 0 && (
          <span className="muted">
            {messages.length} messages, many of them in {drawing.groups.length} boxes: each opens
          </span>
        )}
        {view === 'lanes' && <Legend />}
        {isUnderWay && (
          <span className="muted">◐ under way{isTold ? ', as it happens' : ': asked again every second'}</span>
        )}
      </div>
      {search.at !== undefined && !play.isPlaying && (
        <Banner>
          As of <Time at={search.at} />: what came later is left out here. Above, and in the other views, it is as it is
          now.
        </Banner>
      )}
      <div className={styles['panes']}>
        {view === 'lanes' ? (
          <LanesView
            drawing={drawing}
            selected={selected}
            select={select}
            toggle={toggle}
            at={at}
            rows={lanes.rows}
            follows={follow && at === undefined}
            onWidth={setFitPx}
          />
        ) : (
          <MessagesTable lanes={lanes} selected={selected} select={select} showRepeated={repeated} />
        )}
        {isBeside && <MessageDetails lanes={lanes} message={selected} select={select} />}
      </div>
    </>
  );
}

const apart = (message: LaneMessage, other: LaneMessage | undefined): number =>
  Math.abs(message.saidAt - (other?.saidAt ?? message.saidAt));
