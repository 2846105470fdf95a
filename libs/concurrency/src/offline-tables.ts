import { DataSource } from 'typeorm';
import { Tables } from './table.js';
import type { EntityClass } from './version.js';

/** Builds TypeORM's metadata from the decorators, without a connection. */
class Offline extends DataSource {
  async tables(): Promise<Tables> {
    await this.buildMetadatas();
    return new Tables(this);
  }
}

/** The tables of these entities, from their decorators alone: for code that runs without a database. */
export const offlineTables = (entities: readonly EntityClass[]): Promise<Tables> =>
  new Offline({ type: 'postgres', entities: [...entities] as unknown as (new () => object)[] }).tables();
