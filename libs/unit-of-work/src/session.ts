import type { CheckedRow, EntityClass, StatementPart, Tables, VersionedTable } from '@backstep/concurrency';
import { absentPart, deletePart, insertPart, unchangedPart, updatePart } from '@backstep/concurrency';
import type { RowChange } from './changes.js';
import type { LoadedNeeds, Need, Needs } from './needs.js';
import type { RowMemory } from './row-memory.js';

/** What is known of a row before it is decided about: nothing yet; what was read; what is remembered; that there should be none. */
type Basis = 'unread' | 'read' | 'remembered' | 'assumed';

interface Slot {
  /** The version in the database when the batch was read; undefined: there was no row. */
  readonly loadedVersion: number | undefined;
  /** The row as the decisions so far have left it; undefined: there is none (any more). */
  row: unknown;
  dirty: boolean;
  basis: Basis;
  /** Everybody who wants it expects that there is none. */
  unseen: boolean;
}

/**
 * The rows of one batch. A decision sees what the decisions before it in the batch have changed; what is written in the end is one
 * change a row, checked against the version that was read.
 */
export class Session {
  private readonly slots = new Map<VersionedTable, Map<string, Slot>>();

  constructor(private readonly tables: Tables) {}

  /** Notes what a handler needs, for {@link wanted}. */
  want(needs: Needs): void {
    for (const need of Object.values(needs)) {
      const table = this.tables.of(need.entity);
      const slots = this.slotsOf(need.entity);
      for (const asked of keysOf(need)) {
        const key = table.canonicalKey(asked);
        const unseen = need.kind === 'one' ? need.unseen === true : need.unseen?.includes(asked) === true;
        const slot = slots.get(key);
        if (!slot) slots.set(key, { loadedVersion: undefined, row: undefined, dirty: false, basis: 'unread', unseen });
        else if (!unseen) slot.unseen = false;
      }
    }
  }

  /**
   * Takes from memory what is there, and takes for absent what nobody expects. The write checks both: see {@link parts}.
   * @returns whether it has taken anything so
   */
  recall(memory: RowMemory): boolean {
    let relies = false;
    for (const [table, slots] of this.slots) {
      for (const [key, slot] of slots) {
        const row = table.remembered ? memory.recall(table, key) : undefined;
        if (row !== undefined) {
          const loadedVersion = table.versionOf(row);
          slots.set(key, { ...slot, loadedVersion, row, basis: 'remembered' });
        } else if (slot.unseen) {
          slot.basis = 'assumed';
        }
        relies ||= row !== undefined || slot.unseen;
      }
    }
    return relies;
  }

  /** What must be read, by table. Tables and keys are sorted: whoever locks, locks in this order. */
  wanted(): { table: VersionedTable; keys: string[] }[] {
    return [...this.slots]
      .map(([table, slots]) => ({
        table,
        keys: [...slots].flatMap(([key, { basis }]) => (basis === 'unread' ? [key] : [])).sort(),
      }))
      .filter(({ keys }) => keys.length > 0)
      .sort((a, b) => (a.table.name < b.table.name ? -1 : 1));
  }

  /** After the commit: what this batch has left is what the next one finds. */
  remember(memory: RowMemory): void {
    for (const [table, slots] of this.slots) {
      if (!table.remembered) continue;
      for (const [key, { row }] of slots) {
        if (row === undefined) memory.forget(table, key);
        else memory.keep(table, key, row);
      }
    }
  }

  /** After a failure: what was remembered of these rows may be the reason. */
  forget(memory: RowMemory): void {
    for (const [table, slots] of this.slots) for (const key of slots.keys()) memory.forget(table, key);
  }

  load(table: VersionedTable, rows: readonly Record<string, unknown>[]): void {
    const slots = this.slots.get(table);
    for (const raw of rows) {
      const row = table.revive(raw);
      const loadedVersion = table.versionOf(row);
      slots?.set(table.keyOf(row), { loadedVersion, row, dirty: false, basis: 'read', unseen: false });
    }
  }

  give<N extends Needs>(needs: N): LoadedNeeds<N> {
    const given: Record<string, unknown> = {};
    for (const [name, need] of Object.entries(needs)) {
      const table = this.tables.of(need.entity);
      const slots = this.slotsOf(need.entity);
      const rowOf = (key: string): unknown => slots.get(table.canonicalKey(key))?.row;
      given[name] =
        need.kind === 'one'
          ? rowOf(need.key)
          : new Map(need.keys.map((key) => [key, rowOf(key)] as const).filter(([, row]) => row !== undefined));
    }
    return given as LoadedNeeds<N>;
  }

  /**
   * Applies one decided change. @returns the row's version after it.
   * @throws Error when the handler changes a row it did not ask for, or inserts one that is there: a bug, not a conflict.
   */
  apply({ change, entity, row }: RowChange): number {
    const table = this.tables.of(entity);
    const key = table.keyOf(row);
    const slot = this.slotsOf(entity).get(key);
    if (!slot) throw new Error(`${entity.name} ${key} is changed without being among the handler's needs`);
    if ((change === 'insert') !== (slot.row === undefined)) {
      throw new Error(
        `${entity.name} ${key}: ${change} of a row that is ${slot.row === undefined ? 'not there' : 'there'}`,
      );
    }
    const before = slot.row === undefined ? (slot.loadedVersion ?? 0) : table.versionOf(slot.row);
    if (change === 'update' && table.versionOf(row) !== before) {
      throw new Error(`${entity.name} ${key}: decided on version ${table.versionOf(row)}, the batch is at ${before}`);
    }
    const version = before + 1;
    slot.row = change === 'remove' ? undefined : table.withVersion(row, version);
    slot.dirty = true;
    return version;
  }

  /** The row as the decisions so far have left it; a removed one as it was. */
  rowOf({ entity, row }: RowChange): unknown {
    return this.slotsOf(entity).get(this.tables.of(entity).keyOf(row))?.row ?? row;
  }

  /** The statement parts that write every changed row, its version checked, and look for what was decided from without being read. */
  parts(): StatementPart[] {
    const parts: StatementPart[] = [];
    for (const [table, slots] of this.slots) {
      const inserts: unknown[] = [];
      const updates: CheckedRow<unknown>[] = [];
      const deletes: CheckedRow<unknown>[] = [];
      const unchanged: [key: string, version: number][] = [];
      const absent: string[] = [];
      for (const [key, { row, loadedVersion, dirty, basis }] of slots) {
        if (!dirty || (row === undefined && loadedVersion === undefined)) {
          if (basis === 'remembered' && loadedVersion !== undefined) unchanged.push([key, loadedVersion]);
          if (basis === 'assumed') absent.push(key);
        } else if (loadedVersion === undefined) {
          inserts.push(row);
        } else if (row === undefined) {
          deletes.push({ row: { [table.key.property]: key }, expectedVersion: loadedVersion });
        } else {
          updates.push({ row, expectedVersion: loadedVersion });
        }
      }
      if (inserts.length > 0) parts.push(insertPart(table, inserts));
      if (updates.length > 0) parts.push(updatePart(table, updates));
      if (deletes.length > 0) parts.push(deletePart(table, deletes));
      if (unchanged.length > 0) {
        parts.push(
          unchangedPart(
            table,
            unchanged.map(([key]) => key),
            unchanged.map(([, version]) => version),
          ),
        );
      }
      if (absent.length > 0) parts.push(absentPart(table, absent));
    }
    return parts;
  }

  /** The rows of an entity that this batch has written. */
  written<E>(entity: EntityClass<E>): E[] {
    return [...this.slotsOf(entity).values()]
      .filter(({ dirty, row }) => dirty && row !== undefined)
      .map(({ row }) => row as E);
  }

  private slotsOf(entity: EntityClass): Map<string, Slot> {
    const table = this.tables.of(entity);
    let slots = this.slots.get(table);
    if (!slots) this.slots.set(table, (slots = new Map()));
    return slots;
  }
}

const keysOf = (need: Need): readonly string[] => (need.kind === 'one' ? [need.key] : need.keys);
