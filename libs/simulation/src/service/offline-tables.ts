import { Tables, type EntityClass } from '@backstep/concurrency';
import { DataSource } from 'typeorm';

/** TypeORM reads the decorators without ever connecting. */
class Offline extends DataSource {
  async tables(): Promise<Tables> {
    await this.buildMetadatas();
    return new Tables(this);
  }
}

/** The tables of these entities, from their decorators alone. */
export const offlineTables = (entities: readonly EntityClass[]): Promise<Tables> =>
  new Offline({ type: 'postgres', entities: [...entities] as unknown as (new () => object)[] }).tables();
