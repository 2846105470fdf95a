import type { EntityClass } from '@backstep/concurrency';

/** What a need asks for beside its rows. */
export interface NeedOptions {
  /**
   * What is decided from these rows is committed only if they are as they were read at the moment of the commit. A row that is written is
   * checked anyway; this is for rows that are only read, where two decisions that are each right, and each write what the other has read,
   * would be wrong together (write skew: "each leaves only when the other stays").
   *
   * It costs a share lock of each such row, until the commit: others may hold the row meanwhile, and not write it. An absent row cannot be
   * held: see `AbsenceNotHeldError`.
   */
  readonly hold?: boolean;
}

/** Asks for the row with this key. The handler gets the row, or undefined. */
export interface One<E> {
  readonly kind: 'one';
  readonly entity: EntityClass<E>;
  readonly key: string;
  readonly hold: boolean;
}

/** Asks for the rows with these keys. The handler gets a map of those that exist. */
export interface Many<E> {
  readonly kind: 'many';
  readonly entity: EntityClass<E>;
  readonly keys: readonly string[];
  readonly hold: boolean;
}

/** A row, or rows, that a handler decides with. */
export type Need = One<unknown> | Many<unknown>;
/** What a handler needs, by the names under which it gets the rows. */
export type Needs = Readonly<Record<string, Need>>;

/** What `decide` gets for what `needs` has named. */
export type LoadedNeeds<N> = {
  readonly [K in keyof N]: N[K] extends One<infer E>
    ? E | undefined
    : N[K] extends Many<infer E>
      ? ReadonlyMap<string, E>
      : never;
};

/** `Loaded<BakeLoafHandler>`: the state that this handler's `decide` gets. */
export type Loaded<H extends { needs(...args: never[]): unknown }> = LoadedNeeds<ReturnType<H['needs']>>;

/** Needs the row with this key; the handler gets it, or undefined. With `{ hold: true }`: see {@link NeedOptions.hold}. */
export const one = <E>(entity: EntityClass<E>, key: string, { hold = false }: NeedOptions = {}): One<E> => ({
  kind: 'one',
  entity,
  key,
  hold,
});

/** Needs the rows with these keys; the handler gets a map of those that exist. With `{ hold: true }`: see {@link NeedOptions.hold}. */
export const many = <E>(
  entity: EntityClass<E>,
  keys: readonly string[],
  { hold = false }: NeedOptions = {},
): Many<E> => ({ kind: 'many', entity, keys, hold });

export const keysOf = (need: Need): readonly string[] => (need.kind === 'one' ? [need.key] : need.keys);
