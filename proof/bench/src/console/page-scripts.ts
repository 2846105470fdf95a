/** What runs in pages is text: its types are those of browsers. Each is one expression, or a script of its own. */

const FIRST_ROW = '[role="table"][aria-label="Orders"] [role="row"][aria-rowindex="2"]';

/** Before the page's own scripts: `backstepUsable` resolves to the time, since the navigation, at which the first row has been painted. */
export const WHEN_USABLE = `globalThis.backstepUsable = new Promise((resolve) => {
  const look = () => {
    if (!document.querySelector('${FIRST_ROW}')) return;
    watching.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now()), 0));
  };
  const watching = new MutationObserver(look);
  watching.observe(document, { childList: true, subtree: true });
});`;

export interface Loaded {
  readonly usableMs: number;
  /** NaN where the browser has told none. */
  readonly paintMs: number | null;
  readonly files: readonly { readonly url: string; readonly bytes: number }[];
}

/** @returns a {@link Loaded} */
export const LOADED = `globalThis.backstepUsable.then((usableMs) => ({
  usableMs,
  paintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
  files: performance.getEntriesByType('resource').map(({ name, encodedBodySize }) => ({ url: name, bytes: encodedBodySize })),
}))`;

const SCROLLER = `document.querySelector('[role="region"][aria-label="Orders, newest first"]')`;

/** Scrolls to the end again and again, until the list has so many rows. @returns how many there are */
export const longList = (rows: number, withinMs: number): string => `(async () => {
  const scroller = ${SCROLLER};
  const [, body] = scroller.querySelectorAll('[role="rowgroup"]');
  const rowPx = body.querySelector('[role="row"]').getBoundingClientRect().height;
  const count = () => Math.round(body.getBoundingClientRect().height / rowPx);
  const until = performance.now() + ${withinMs};
  while (count() < ${rows} && performance.now() < until) {
    scroller.scrollTop = scroller.scrollHeight;
    await new Promise(requestAnimationFrame);
  }
  scroller.scrollTop = 0;
  return count();
})()`;

/** What scrolls the lanes of an order sideways. */
const LANES = `document.querySelector('svg[aria-label="The order, service by service"]').parentElement`;

export interface Scrolled {
  /** Between one frame and the next, ms. */
  readonly frames: readonly number[];
  /** The most rows, or arrows and boxes of lanes, that were in the document. */
  readonly rowsMax: number;
  /** How far it was scrolled in all. */
  readonly px: number;
}

const noteFrames = (scroller: string, counted: string, side: 'scrollTop' | 'scrollLeft'): string => `(() => {
  const scroller = ${scroller};
  const noted = (globalThis.backstepFrames = { frames: [], rowsMax: 0, px: 0, isOn: true });
  let last = 0;
  let before = scroller.${side};
  const frame = (at) => {
    if (!noted.isOn) return;
    if (last > 0) noted.frames.push(at - last);
    last = at;
    noted.rowsMax = Math.max(noted.rowsMax, scroller.querySelectorAll('${counted}').length);
    noted.px += Math.abs(scroller.${side} - before);
    before = scroller.${side};
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})()`;

/** Notes each frame from now on, of the list of orders. */
export const NOTE_FRAMES = noteFrames(SCROLLER, '[role="row"]', 'scrollTop');
/** The same of an order's lanes. */
export const NOTE_LANE_FRAMES = noteFrames(LANES, '[data-first]', 'scrollLeft');

/** @returns a {@link Scrolled} */
export const NOTED_FRAMES = `((noted) => {
  noted.isOn = false;
  const { frames, rowsMax, px } = noted;
  return { frames, rowsMax, px };
})(globalThis.backstepFrames)`;

/** The browser tells of no shorter events than this, milliseconds. */
export const EVENT_MS = 16;

/** Notes interactions from now on: of each the longest of its events, until what it changed is painted. */
export const NOTE_INTERACTIONS = `(() => {
  const longest = (globalThis.backstepInteractions = new Map());
  const note = (entries) => {
    for (const { interactionId, duration } of entries)
      if (interactionId > 0) longest.set(interactionId, Math.max(duration, longest.get(interactionId) ?? 0));
  };
  const watching = new PerformanceObserver((list) => note(list.getEntries()));
  watching.observe({ type: 'event', durationThreshold: ${EVENT_MS} });
  globalThis.backstepTakeInteractions = () => note(watching.takeRecords());
})()`;

/** @returns of each interaction so far its duration, ms */
export const NOTED_INTERACTIONS = `(() => {
  globalThis.backstepTakeInteractions();
  return [...globalThis.backstepInteractions.values()];
})()`;
