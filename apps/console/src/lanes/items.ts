import { selectionOf } from './position.js';
import type { LaneMessage, Lanes } from './model.js';

/** With more messages than so many, the sendings of a command counted once, groups are drawn first. */
export const GROUPS_ABOVE = 300;

/** What is drawn as one: a message; the sendings of one command; a command with its answers; what belongs to a saga. */
export type ItemKind = 'message' | 'stack' | 'exchange' | 'saga';

type Some<T> = readonly [T, ...T[]];

export interface Item {
  readonly kind: ItemKind;
  /** In causal order. */
  readonly messages: Some<LaneMessage>;
  /** What an address says to open it: {@link foldOf}. Of a message it opens nothing. */
  readonly fold: string;
}

export interface Items {
  /** In the order of their first messages. Each message is in one of them. */
  readonly items: readonly Item[];
  /** Those that are open: their messages are items, or in items. */
  readonly opened: readonly Item[];
}

/** A saga is opened to its messages; to its exchanges, while these are too many. An exchange is opened to its messages, a stack to its sendings. */
const LETTERS = { stack: 's', exchange: 'e', saga: 'g', message: 'm' } as const;

/** Named by the position of its first message, which never moves: ids are whatever a stranger writes. */
export const foldOf = (kind: ItemKind, { landing }: LaneMessage): string =>
  `${LETTERS[kind]}${selectionOf(landing).slice(1)}`;

/**
 * What is drawn as one of an order's messages, until somebody opens it. Nothing is left out: each message is in one item.
 * @param open the folds that are open; 'all': each message is an item
 */
export function itemsOf({ messages }: Pick<Lanes, 'messages'>, open: ReadonlySet<string> | 'all'): Items {
  if (open === 'all') return { items: messages.map(itemOf), opened: [] };
  const opened: Item[] = [];
  const fold = (kind: ItemKind, members: Some<LaneMessage>, inside: Split): readonly Item[] => {
    const [first, ...others] = members;
    if (others.length === 0) return [itemOf(first)];
    const item = { kind, messages: members, fold: foldOf(kind, first) };
    if (!open.has(item.fold)) return [item];
    opened.push(item);
    return inside(members);
  };
  const folded = (kind: ItemKind, groups: Groups, inside: Split): readonly Item[] =>
    [...groups.values()].flatMap((members) => fold(kind, members, inside));
  const singly: Split = (members) => members.map(itemOf);
  const stacked: Split = (members) => folded('stack', groupedBy(members, sendingOf), singly);
  const byExchange: Split = (members) => folded('exchange', groupedBy(members, exchangeOf), stacked);
  const unlessMany: Split = (members) => (countOf(members) > GROUPS_ABOVE ? byExchange(members) : stacked(members));
  const grouped: Split = (members) => {
    if (countOf(members) <= GROUPS_ABOVE) return stacked(members);
    const sagas = sagasOf(members);
    // One group of everything says nothing.
    if (new Set(sagas.values()).size < 2) return byExchange(members);
    const ofSaga = ({ key }: LaneMessage): string => sagas.get(key) ?? `message ${key}`;
    return folded('saga', groupedBy(members, ofSaga), unlessMany);
  };
  const items = [...grouped(messages)].sort((a, b) => a.messages[0].number - b.messages[0].number);
  return { items, opened };
}

/**
 * The same items as of a moment: of each what had been said by then, so that nothing that is drawn changes its place.
 * @param then the messages as they were, by key
 */
export const itemsAt = (items: readonly Item[], then: ReadonlyMap<string, LaneMessage>): readonly Item[] =>
  items.flatMap(({ kind, messages, fold }) => {
    const [first, ...others] = messages.flatMap(({ key }) => then.get(key) ?? []);
    if (!first) return [];
    return others.length === 0 ? [itemOf(first)] : [{ kind, messages: [first, ...others] as const, fold }];
  });

type Split = (members: readonly LaneMessage[]) => readonly Item[];
type Groups = ReadonlyMap<string, Some<LaneMessage>>;

const itemOf = (message: LaneMessage): Item => ({
  kind: 'message',
  messages: [message],
  fold: foldOf('message', message),
});

/** Sendings of a command have its id, and so has its answer, which is none of them. */
const sendingOf = ({ kind, commandId, key }: LaneMessage): string =>
  kind === 'command' && commandId !== undefined ? `command ${commandId}` : `message ${key}`;
const exchangeOf = ({ commandId, key }: LaneMessage): string =>
  commandId === undefined ? `message ${key}` : `command ${commandId}`;

const countOf = (messages: readonly LaneMessage[]): number => new Set(messages.map(sendingOf)).size;

/** The saga of each message, by its key: its own; that of its cause; that of what it has caused. What began a saga is of no saga by itself. */
function sagasOf(messages: readonly LaneMessage[]): ReadonlyMap<string, string> {
  const own = new Map(messages.map(({ key, message }) => [key, message.headers['ce_sagaid']]));
  const found = new Map<string, string>();
  for (const { key, cause, effects } of messages) {
    const saga =
      own.get(key) ??
      (cause === undefined ? undefined : found.get(cause)) ??
      effects.map((one) => own.get(one)).find(Boolean);
    if (saga !== undefined) found.set(key, saga);
  }
  return found;
}

function groupedBy(messages: readonly LaneMessage[], keyOf: (message: LaneMessage) => string): Groups {
  const groups = new Map<string, [LaneMessage, ...LaneMessage[]]>();
  for (const message of messages) {
    const key = keyOf(message);
    const group = groups.get(key);
    if (group) group.push(message);
    else groups.set(key, [message]);
  }
  return groups;
}
