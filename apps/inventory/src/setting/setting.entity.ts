import type { SettingName } from '@backstep/contracts/http';
import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What the shop tells its customers, beside its products. */
@Entity('setting')
export class Setting {
  @PrimaryColumn('text') name!: SettingName;
  @Column('text') value!: string;
  /** The clock of the process that set it. The order is that of the versions. */
  @Column('timestamptz', { name: 'set_at' }) setAt!: Date;
  @Version() version!: number;
}
