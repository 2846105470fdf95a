import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An idempotency key with the hash of its request and the answer. Inserted with the changes of its request, by the same statement. */
@Entity('idempotency_key')
export class IdempotencyKey {
  /** The operation, a tab, and the client's key; the client's key alone where the operation is the one that needs no name. */
  @PrimaryColumn('text') key!: string;
  /** SHA-256 of the request: the same key with another request is refused. */
  @Column('text', { name: 'request_hash' }) requestHash!: string;
  /** The answer of the handler, in JSON. */
  @Column('jsonb') response!: unknown;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Version() version!: number;
}
