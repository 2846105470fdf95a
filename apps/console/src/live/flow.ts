import type { Order, OrderMessage, OrderStatus, OrderWithSaga, Saga } from '../api/types.js';
import type { DotState, Meanings } from './meanings.js';

/** Where a service stands with an order, and since when, in ms since 1970. */
export interface Dot {
  readonly state: DotState;
  readonly at: number;
  /** Of two at one moment the greater one counts, so that the order in which they come changes nothing. */
  readonly by: string;
}

export interface FlowOrder {
  readonly id: string;
  /** undefined: something was told of it before its beginning was. */
  readonly placedAt: number | undefined;
  readonly version: number;
  readonly status: OrderStatus | undefined;
  readonly total: { readonly minor: number; readonly currency: string; readonly version: number } | undefined;
  readonly why: string | undefined;
  /** By service. */
  readonly dots: Readonly<Record<string, Dot>>;
  /** By saga. */
  readonly sagas: Readonly<Record<string, { readonly state: Saga['state']; readonly version: number }>>;
  /** Whether it has a row; undefined until that is decided ({@link admitted}). */
  readonly isShown: boolean | undefined;
}

export type Flow = ReadonlyMap<string, FlowOrder>;

/** What may be known of orders: each part may come first, last and more than once. */
export interface Told {
  /** As lists and reads have them. */
  readonly orders?: readonly (Order | OrderWithSaga)[];
  readonly changes?: readonly {
    readonly id: string;
    readonly status: OrderStatus | null;
    readonly version: number | null;
  }[];
  readonly sagas?: readonly {
    readonly id: string;
    readonly orderId: string;
    readonly state: Saga['state'];
    readonly version: number;
  }[];
  readonly messages?: readonly OrderMessage[];
}

/** What messages and steps mean, by the definitions of the sagas. */
export interface Vocabulary {
  readonly meanings: Meanings;
  /** Of a step's name the service that it asks. */
  readonly serviceOf: ReadonlyMap<string, string>;
  /** The event that an order begins with. */
  readonly beginsWith: string;
}

/** Orders that are shown. */
export const SHOWN_MAX = 50;
/** Orders whose beginning is known: some beyond those that are shown, as clocks differ. */
const BEGUN_MAX = 2 * SHOWN_MAX;
/** Orders of which something was told before their beginning, or long after it. */
const UNBEGUN_MAX = 300;

const NOBODY: Omit<FlowOrder, 'id'> = {
  placedAt: undefined,
  version: 0,
  status: undefined,
  total: undefined,
  why: undefined,
  dots: {},
  sagas: {},
  isShown: undefined,
};

/** The flow with what was told. Pure, and whatever comes first, or twice, gives the same. */
export function flowWith(flow: Flow, told: Told, words: Vocabulary): Flow {
  const next = new Map(flow);
  const change = (id: string, to: (order: FlowOrder) => FlowOrder): void => {
    const known = next.get(id) ?? { id, ...NOBODY };
    const changed = to(known);
    if (changed !== known) next.set(id, changed);
  };
  for (const order of told.orders ?? []) change(order.id, (known) => withOrder(known, order, words));
  for (const { id, status, version } of told.changes ?? [])
    if (status !== null && version !== null)
      change(id, (known) => (version > known.version ? { ...known, status, version } : known));
  for (const { id, orderId, state, version } of told.sagas ?? [])
    change(orderId, (known) => withSaga(known, id, state, version));
  for (const message of told.messages ?? [])
    if (message.key !== null) change(message.key, (known) => withMessage(known, message, words));
  return bounded(next);
}

function withOrder(known: FlowOrder, order: Order | OrderWithSaga, words: Vocabulary): FlowOrder {
  const { version, status, total, currency, createdAt, failure } = order;
  let next = withBeginning(known, Date.parse(createdAt), { minor: total, currency, version });
  if (version > next.version) next = { ...next, version, status };
  if (failure) next = withReason(next, failure.code);
  for (const { id, state, version: of, steps } of ('sagas' in order && order.sagas) || []) {
    next = withSaga(next, id, state, of);
    for (const step of steps) {
      const service = words.serviceOf.get(step.name);
      const dot = dotOf(step, `${id} ${step.name}`);
      if (service !== undefined && dot) next = withDot(next, service, dot);
    }
  }
  return next;
}

/** Two sources may differ by some ms: the earlier moment counts, and the total of the later version. */
function withBeginning(known: FlowOrder, at: number, total: FlowOrder['total']): FlowOrder {
  const placedAt = Math.min(known.placedAt ?? Infinity, at);
  const later = total && total.version > (known.total?.version ?? 0) ? total : known.total;
  return placedAt === known.placedAt && later === known.total ? known : { ...known, placedAt, total: later };
}

/** Of several reasons, which only an order that was changed has, one is shown: always the same. */
const withReason = (known: FlowOrder, why: string): FlowOrder =>
  known.why !== undefined && known.why <= why ? known : { ...known, why };

const STATES: Readonly<Partial<Record<Saga['steps'][number]['state'], DotState>>> = {
  sent: 'asked',
  done: 'done',
  refused: 'refused',
  undoing: 'undoing',
  undone: 'undone',
  abandoned: 'left',
};

function dotOf({ state, sentAt, answeredAt, undo }: Saga['steps'][number], by: string): Dot | undefined {
  const shown = STATES[state];
  const at = undo?.answeredAt ?? undo?.sentAt ?? answeredAt ?? sentAt;
  return shown === undefined || at === null ? undefined : { state: shown, at: Date.parse(at), by };
}

function withSaga(known: FlowOrder, id: string, state: Saga['state'], version: number): FlowOrder {
  const before = known.sagas[id];
  if (before && before.version >= version) return known;
  return { ...known, sagas: { ...known.sagas, [id]: { state, version } } };
}

/** What an event says of itself that the page shows. Messages are strangers' text: nothing of it is taken for granted. */
function withMessage(known: FlowOrder, { headers, timestamp, value }: OrderMessage, words: Vocabulary): FlowOrder {
  const { ce_type: type = '', ce_time: said = '', ce_id: by = '', ce_source: source = '' } = headers;
  const at = Number.isNaN(Date.parse(said)) ? Date.parse(timestamp) : Date.parse(said);
  if (type === words.beginsWith) {
    const { total, currency } = (value ?? {}) as Readonly<Record<string, unknown>>;
    const isMoney = typeof total === 'number' && typeof currency === 'string';
    const begun = withBeginning(known, at, isMoney ? { minor: total, currency, version: 1 } : undefined);
    return withDot(begun, source, { state: 'told', at, by });
  }
  const meaning = words.meanings.get(type);
  if (!meaning) return known;
  const next = withDot(known, meaning.service, { state: meaning.state, at, by });
  const { failure } = (value ?? {}) as { readonly failure?: { readonly code?: unknown } };
  return typeof failure?.code === 'string' ? withReason(next, failure.code) : next;
}

/** Answers come after what they answer: of one moment they count. */
const RANKS: Readonly<Record<DotState, number>> = {
  told: 0,
  asked: 1,
  done: 2,
  refused: 2,
  undoing: 3,
  undone: 4,
  stuck: 5,
  left: 5,
};

function isLater(one: Dot, other: Dot): boolean {
  if (one.at !== other.at) return one.at > other.at;
  const ranks = RANKS[one.state] - RANKS[other.state];
  return ranks !== 0 ? ranks > 0 : one.by > other.by;
}

function withDot(known: FlowOrder, service: string, dot: Dot): FlowOrder {
  const before = known.dots[service];
  if (before && !isLater(dot, before)) return known;
  return { ...known, dots: { ...known.dots, [service]: dot } };
}

/** The latest first. */
const byBeginning = (a: FlowOrder, b: FlowOrder): number =>
  (b.placedAt ?? Infinity) - (a.placedAt ?? Infinity) || (a.id < b.id ? 1 : -1);

/** Orders without a row go first: a row stays until newer ones take its place. */
function bounded(flow: Map<string, FlowOrder>): Flow {
  if (flow.size <= BEGUN_MAX) return flow;
  const shown = shownOf(flow);
  const others = [...flow.values()].filter(({ isShown }) => isShown !== true);
  const begun = others.filter(({ placedAt }) => placedAt !== undefined);
  const unbegun = others.filter(({ placedAt }) => placedAt === undefined);
  if (begun.length <= BEGUN_MAX && unbegun.length <= UNBEGUN_MAX) return flow;
  const kept = [...shown, ...begun.sort(byBeginning).slice(0, BEGUN_MAX), ...unbegun.slice(-UNBEGUN_MAX)];
  return new Map(kept.map((order) => [order.id, order]));
}

export interface Admitted {
  readonly flow: Flow;
  /** Orders that have got a row now, and such as never will. */
  readonly shown: number;
  readonly passed: number;
}

/**
 * Gives rows to those that have begun since, the newest first, and to so many at most: where more come than anybody can read, a row that is
 * followed to its end says more than one that is gone. Pure.
 */
export function admitted(flow: Flow, most: number): Admitted {
  const waiting = [...flow.values()].filter(({ isShown, placedAt }) => isShown === undefined && placedAt !== undefined);
  if (waiting.length === 0) return { flow, shown: 0, passed: 0 };
  const shown = Math.min(waiting.length, Math.max(0, Math.floor(most)));
  const next = new Map(flow);
  waiting.sort(byBeginning).forEach((order, index) => next.set(order.id, { ...order, isShown: index < shown }));
  for (const order of rowsOf(next).slice(SHOWN_MAX)) next.set(order.id, { ...order, isShown: false });
  return { flow: next, shown, passed: waiting.length - shown };
}

const rowsOf = (flow: Flow): readonly FlowOrder[] =>
  [...flow.values()].filter(({ isShown }) => isShown === true).sort(byBeginning);

/** The orders that have rows, the latest first. */
export const shownOf = (flow: Flow): readonly FlowOrder[] => rowsOf(flow).slice(0, SHOWN_MAX);

/** The newest orders of which anything is known, with a row and without. */
export const newestOf = (flow: Flow): readonly FlowOrder[] =>
  [...flow.values()]
    .filter(({ placedAt }) => placedAt !== undefined)
    .sort(byBeginning)
    .slice(0, BEGUN_MAX);

/** How many of the newest orders each service is asked something for. */
export function underWayOf(flow: Flow): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { dots } of newestOf(flow))
    for (const [service, { state }] of Object.entries(dots))
      if (state === 'asked' || state === 'undoing') counts[service] = (counts[service] ?? 0) + 1;
  return counts;
}

/** What needs a person first. */
const WORST: readonly Saga['state'][] = ['STUCK', 'COMPENSATING', 'RUNNING', 'ABANDONED', 'COMPENSATED', 'COMPLETED'];

/** An order may have several sagas: the one that matters most is shown. */
export const sagaStateOf = ({ sagas }: FlowOrder): Saga['state'] | undefined =>
  WORST.find((state) => Object.values(sagas).some((saga) => saga.state === state));

/** From the order's beginning to the last that a service said of it, in ms; undefined while it is under way. */
export function tookMs({ placedAt, status, dots }: FlowOrder): number | undefined {
  if (placedAt === undefined || status === undefined || status === 'PENDING') return undefined;
  const last = Math.max(...Object.values(dots).map(({ at }) => at));
  return Number.isFinite(last) && last > placedAt ? last - placedAt : undefined;
}

export function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
