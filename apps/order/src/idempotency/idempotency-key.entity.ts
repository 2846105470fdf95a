import { Version } from '@backstep/concurrency';
import type { OrderView } from '@backstep/contracts/http';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An idempotency key with the hash of its request and the answer. Written with the order, in the same statement. */
@Entity('idempotency_key')
export class IdempotencyKey {
  @PrimaryColumn('text') key!: string;
  /** SHA-256 of the request: the same key with another request is refused. */
  @Column('text', { name: 'request_hash' }) requestHash!: string;
  @Column('jsonb') response!: OrderView;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Version() version!: number;
}
