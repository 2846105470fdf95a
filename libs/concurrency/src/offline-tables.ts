import { DataSource } from 'typeorm';
import { Tables } from './table.js';
import type { EntityClass } from './version.js';

/** TypeORM reads the decorators without ever connecting. */
class Offline extends DataSource {
  async tables(): Promise<Tables> {
    await this.buildMetadatas();
    return new Tables(this);
  }
}

/** The tables of these entities, from their decorators alone: for what runs on no database. */
export const offlineTables = (entities: readonly EntityClass[]): Promise<Tables> =>
  new Offline({ type: 'postgres', entities: [...entities] as unknown as (new () => object)[] }).tables();
