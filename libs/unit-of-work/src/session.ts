import type { CheckedRow, EntityClass, StatementPart, Tables, VersionedTable } from '@backstep/concurrency';
import { deletePart, insertPart, updatePart } from '@backstep/concurrency';
import type { RowChange } from './changes.js';
import type { LoadedNeeds, Need, Needs } from './needs.js';

interface Slot {
  /** The version in the database when the batch was read; undefined: there was no row. */
  readonly loadedVersion: number | undefined;
  /** The row as the decisions so far have left it; undefined: there is none (any more). */
  row: unknown;
  dirty: boolean;
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
      for (const key of keysOf(need).map((asked) => table.canonicalKey(asked))) {
        if (!slots.has(key)) slots.set(key, { loadedVersion: undefined, row: undefined, dirty: false });
      }
    }
  }

  /** Everything wanted, by table. Tables and keys are sorted: whoever locks, locks in this order. */
  wanted(): { table: VersionedTable; keys: string[] }[] {
    return [...this.slots]
      .map(([table, slots]) => ({ table, keys: [...slots.keys()].sort() }))
      .sort((a, b) => (a.table.name < b.table.name ? -1 : 1));
  }

  load(table: VersionedTable, rows: readonly Record<string, unknown>[]): void {
    const slots = this.slots.get(table);
    for (const raw of rows) {
      const row = table.revive(raw);
      slots?.set(table.keyOf(row), { loadedVersion: table.versionOf(row), row, dirty: false });
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

  /** The statement parts that write every changed row, each with its version checked. */
  parts(): StatementPart[] {
    const parts: StatementPart[] = [];
    for (const [table, slots] of this.slots) {
      const inserts: unknown[] = [];
      const updates: CheckedRow<unknown>[] = [];
      const deletes: CheckedRow<unknown>[] = [];
      for (const [key, { row, loadedVersion, dirty }] of slots) {
        if (!dirty) continue;
        if (loadedVersion === undefined) {
          if (row !== undefined) inserts.push(row);
        } else if (row === undefined) {
          deletes.push({ row: { [table.key.property]: key }, expectedVersion: loadedVersion });
        } else {
          updates.push({ row, expectedVersion: loadedVersion });
        }
      }
      if (inserts.length > 0) parts.push(insertPart(table, inserts));
      if (updates.length > 0) parts.push(updatePart(table, updates));
      if (deletes.length > 0) parts.push(deletePart(table, deletes));
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
