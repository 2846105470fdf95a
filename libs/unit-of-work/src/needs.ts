import type { EntityClass } from '@backstep/concurrency';

/** Asks for the row with this key. The handler gets it, or undefined. */
export interface One<E> {
  readonly kind: 'one';
  readonly entity: EntityClass<E>;
  readonly key: string;
  /** See {@link unseen}. */
  readonly unseen?: boolean;
}

/** Asks for the rows with these keys. The handler gets a map of those that exist. */
export interface Many<E> {
  readonly kind: 'many';
  readonly entity: EntityClass<E>;
  readonly keys: readonly string[];
  /** Those of the keys of which, most likely, there are no rows: see {@link unseen}. */
  readonly unseen?: readonly string[];
}

export type Need = One<unknown> | Many<unknown>;
export type Needs = Readonly<Record<string, Need>>;

/** What a handler's `needs` become once they are read. */
export type LoadedNeeds<N> = {
  readonly [K in keyof N]: N[K] extends One<infer E>
    ? E | undefined
    : N[K] extends Many<infer E>
      ? ReadonlyMap<string, E>
      : never;
};

/** `Loaded<ReserveStockHandler>`: the state that this handler's `decide` gets. */
export type Loaded<H extends { needs(...args: never[]): unknown }> = LoadedNeeds<ReturnType<H['needs']>>;

export const one = <E>(entity: EntityClass<E>, key: string): One<E> => ({ kind: 'one', entity, key });

/**
 * As {@link one}, for a row that most likely is not there: the one that this message is to bring into being. It is not looked for before
 * the decision; whether there is none is found out by the write. When there is one after all, it is read and decided about again.
 */
export const unseen = <E>(entity: EntityClass<E>, key: string): One<E> => ({ kind: 'one', entity, key, unseen: true });

/** @param unseenKeys those of the keys of which, most likely, there are no rows: see {@link unseen} */
export const many = <E>(entity: EntityClass<E>, keys: readonly string[], unseenKeys?: readonly string[]): Many<E> =>
  unseenKeys ? { kind: 'many', entity, keys, unseen: unseenKeys } : { kind: 'many', entity, keys };
