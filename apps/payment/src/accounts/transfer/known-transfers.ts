import type { TransferView } from '@backstep/contracts/http';
import type { Lane } from '@backstep/lanes';
import { InjectLane } from '@backstep/lanes/nest';
import { Database } from '@backstep/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { transfers, type TransferOrder } from './transfer-money.handler.js';
import type { Transfer } from './transfer.entity.js';
import { queuedView, transferView } from './transfer.view.js';

const TRANSFER = `
  SELECT id, from_account AS "from", to_account AS "to", amount::float8 AS amount, currency, reference, status, reason, settled_at AS "settledAt"
  FROM transfer WHERE id = $1`;

const CURRENCIES = `SELECT id, currency FROM account WHERE id = ANY($1::uuid[])`;

/** What is stored of transfers, and of the accounts that one names. */
@Injectable()
export class KnownTransfers {
  constructor(
    @Inject(Database) private readonly database: Database,
    @InjectLane(transfers) private readonly lane: Lane<TransferOrder, TransferView>,
  ) {}

  /** A transfer that is decided is read from its own row, which stays when the entry of the lane is purged. */
  async find(id: string): Promise<TransferView | undefined> {
    const decided = this.database.pool.query<Transfer>(TRANSFER, [id]);
    const [{ rows }, entry] = await Promise.all([decided, this.lane.find(id)]);
    const [row] = rows;
    if (row) return transferView(row);
    return entry && queuedView(entry);
  }

  /** By account; without those that are not there. */
  async currencies(...accounts: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.database.pool.query<{ id: string; currency: string }>(CURRENCIES, [accounts]);
    return new Map(rows.map(({ id, currency }) => [id, currency]));
  }
}
