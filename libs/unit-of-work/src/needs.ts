import type { EntityClass } from '@backstep/concurrency';

/** Asks for the row with this key. The handler gets the row, or undefined. */
export interface One<E> {
  readonly kind: 'one';
  readonly entity: EntityClass<E>;
  readonly key: string;
}

/** Asks for the rows with these keys. The handler gets a map of those that exist. */
export interface Many<E> {
  readonly kind: 'many';
  readonly entity: EntityClass<E>;
  readonly keys: readonly string[];
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

/** Needs the row with this key; the handler gets it, or undefined. */
export const one = <E>(entity: EntityClass<E>, key: string): One<E> => ({ kind: 'one', entity, key });

/** Needs the rows with these keys; the handler gets a map of those that exist. */
export const many = <E>(entity: EntityClass<E>, keys: readonly string[]): Many<E> => ({ kind: 'many', entity, keys });

export const keysOf = (need: Need): readonly string[] => (need.kind === 'one' ? [need.key] : need.keys);
