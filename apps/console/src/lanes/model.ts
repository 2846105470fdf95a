import type { OrderMessage, RowEvidence, Saga } from '../api/types.js';
import { type Arrival, arrivalsOf, type Repetition, repetitionsOf } from './arrivals.js';
import { type Exchange, exchangesOf } from './exchanges.js';
import { causeOf, folded, type Folded, inCausalOrder, type Landing } from './folded.js';
import type { Known } from './known.js';
import { GATEWAY, type Mark, marksOf } from './marks.js';
import { type Tick, ticksOf } from './ticks.js';

/** Below the gateway, where that is known to have accepted the order: the services of the shop, from the top; whoever else sends is below them. The orchestrator is last: arrows go up with commands. */
const SERVICES = ['order', 'inventory', 'payment', 'shipment'] as const;
const ORCHESTRATOR = 'orchestrator';
const NOBODY = 'unknown';
const named: ReadonlySet<string> = new Set([...SERVICES, ORCHESTRATOR]);

/**
 * What a message means: `sent` is a command that nobody has answered yet. Without its saga, an answer is `told`: no message says by itself
 * whether it means yes or no.
 */
export type Meaning = 'sent' | 'answered' | 'undoing' | 'done' | 'refused' | 'undone' | 'told' | 'unreadable';

export interface LaneMessage {
  readonly key: string;
  /** Its number in causal order, from 1. */
  readonly number: number;
  readonly type: string;
  readonly kind: 'command' | 'event' | 'unreadable';
  readonly from: string;
  readonly to: readonly Arrival[];
  readonly saidAt: number;
  readonly landing: Landing;
  /** On its way. */
  readonly ticks: readonly Tick[];
  readonly repeated: readonly Repetition[];
  /** The key of what caused it, where that is among the messages. */
  readonly cause: string | undefined;
  readonly effects: readonly string[];
  readonly commandId: string | undefined;
  /** Of a command that was sent more than once: which sending this is. */
  readonly attempt: { readonly number: number; readonly of: number };
  readonly exchange: Exchange | undefined;
  readonly meaning: Meaning;
  /** Of a compensation: the key of the command that it takes back. */
  readonly undoes: string | undefined;
  /** Of an event: the version of the row it tells about. */
  readonly version: string | undefined;
  readonly message: OrderMessage;
}

/** A pivot that was done: from then on there is no way back. */
export interface Pivot {
  readonly sagaId: string;
  readonly step: string;
  readonly at: number;
}

export interface Lanes {
  readonly lanes: readonly string[];
  readonly messages: readonly LaneMessage[];
  readonly pivots: readonly Pivot[];
  /** Records that are repetitions of others. */
  readonly repeatedRecords: number;
  /** Lanes of services that do not answer. */
  readonly missing: readonly string[];
  readonly marks: readonly Mark[];
  /** By lane, the rows as they are now. */
  readonly rows: ReadonlyMap<string, readonly RowEvidence[]>;
}

/**
 * An order's messages as lanes and arrows. Pure: the same records give the same lanes, in whatever order and however often they arrive.
 * @param sagas all sagas of the order; null when the orchestrator does not answer: then no compensation is told from a step forward
 * @param known what the services say; undefined where they are not asked: then arrows end where an effect begins
 * @param acceptedAt when the order was stored; undefined where the order is not known: then the gateway has no lane
 */
export function lanesOf(
  records: readonly OrderMessage[],
  sagas: readonly Saga[] | null,
  known?: Known,
  acceptedAt?: string,
): Lanes {
  const ordered = inCausalOrder(folded(records));
  const commands = ordered.filter(({ message }) => kindOf(message) === 'command');
  const exchanges = exchangesOf(commands, sagas ?? []);
  const sendings = groupedBy(commands, ({ message }) => message.headers['ce_commandid']);
  const effects = groupedBy(ordered, causeOf);
  const answered = new Set(
    ordered.filter(({ message }) => kindOf(message) === 'event').map(({ message }) => message.headers['ce_commandid']),
  );
  const keys = new Set(ordered.map(({ key }) => key));
  const messages = ordered.map((one, index): LaneMessage => {
    const { key, message, landing, saidAt } = one;
    const to = arrivalsOf(one, effects.get(key) ?? [], known);
    const { ce_type: type, ce_source: source, ce_commandid: commandId, ce_aggregateversion: version } = message.headers;
    const cause = causeOf(one);
    const same = (commandId !== undefined && kindOf(message) === 'command' && sendings.get(commandId)) || [one];
    const exchange = commandId === undefined ? undefined : exchanges.get(commandId);
    return {
      key,
      number: index + 1,
      type: type ?? (message.unreadable ? `(${message.unreadable.cause})` : '(not a CloudEvent)'),
      kind: kindOf(message),
      from: source || NOBODY,
      to,
      saidAt,
      landing,
      ticks: ticksOf(one, known),
      repeated: repetitionsOf(one, to, known),
      cause: cause !== undefined && keys.has(cause) ? cause : undefined,
      effects: (effects.get(key) ?? []).map((effect) => effect.key),
      commandId,
      attempt: { number: same.indexOf(one) + 1, of: same.length },
      exchange,
      meaning: meaningOf(message, exchange, commandId !== undefined && answered.has(commandId)),
      undoes: kindOf(message) === 'command' ? undoneBy(exchange, exchanges, sendings) : undefined,
      version,
      message,
    };
  });
  return {
    lanes: [...(acceptedAt === undefined ? [] : [GATEWAY]), ...lanesAmong(messages)],
    messages,
    pivots: pivotsOf(sagas ?? []),
    repeatedRecords: ordered.reduce((count, { repeated }) => count + repeated.length, 0),
    missing: [...(known?.missing ?? [])].filter((name) => named.has(name)),
    marks: marksOf(ordered, sagas ?? [], known, acceptedAt),
    rows: new Map([...(known?.services ?? [])].map(([lane, { said }]) => [lane, said.rows])),
  };
}

export const kindOf = ({ topic, headers, unreadable }: OrderMessage): LaneMessage['kind'] =>
  unreadable || headers['ce_type'] === undefined ? 'unreadable' : topic.endsWith('.commands') ? 'command' : 'event';

function meaningOf(message: OrderMessage, exchange: Exchange | undefined, isAnswered: boolean): Meaning {
  switch (kindOf(message)) {
    case 'unreadable':
      return 'unreadable';
    case 'command':
      return exchange?.direction === 'undo' ? 'undoing' : isAnswered ? 'answered' : 'sent';
    case 'event':
      if (exchange === undefined) return 'told';
      return exchange.direction === 'undo' ? 'undone' : exchange.isRefused ? 'refused' : 'done';
  }
}

function undoneBy(
  exchange: Exchange | undefined,
  exchanges: ReadonlyMap<string, Exchange>,
  sendings: ReadonlyMap<string, readonly Folded[]>,
): string | undefined {
  if (exchange?.direction !== 'undo') return undefined;
  const { sagaId, step } = exchange;
  for (const [commandId, other] of exchanges) {
    if (other.direction === 'forward' && other.sagaId === sagaId && other.step === step)
      return sendings.get(commandId)?.[0]?.key;
  }
  return undefined;
}

function lanesAmong(messages: readonly LaneMessage[]): readonly string[] {
  const strangers = messages
    .flatMap(({ from, to }) => [from, ...to.map(({ lane }) => lane)])
    .filter((lane) => !named.has(lane));
  return [...SERVICES, ...[...new Set(strangers)].sort((a, b) => a.localeCompare(b, 'en')), ORCHESTRATOR];
}

const pivotsOf = (sagas: readonly Saga[]): readonly Pivot[] =>
  sagas.flatMap(({ id: sagaId, steps }) =>
    steps.flatMap(({ name, kind, state, answeredAt }) =>
      kind === 'pivot' && state === 'done' && answeredAt !== null
        ? [{ sagaId, step: name, at: Date.parse(answeredAt) }]
        : [],
    ),
  );

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string | undefined): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
