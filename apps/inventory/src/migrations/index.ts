import { IDEMPOTENCY_MIGRATIONS } from '@backstep/idempotency';
import { UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';
import { ProductsAndStock1700000000002 } from './0002-products-and-stock.js';
import { StockAddsUp1700000000003 } from './0003-stock-adds-up.js';
import { InventoryVersionsCounted1700000000201 } from './0004-versions-are-counted.js';
import { InventoryVersionsAreBigints1700000000301 } from './0005-versions-are-bigints.js';
import { ProductsKeepTheirChanges1700000000401 } from './0006-products-keep-their-changes.js';
import { Settings1700000000402 } from './0007-settings.js';
import { GoodsLeave1700000000502 } from './0008-goods-leave.js';
import { ReservationsAreRevised1700000000503 } from './0009-reservations-are-revised.js';

export const MIGRATIONS = [
  ...UNIT_OF_WORK_MIGRATIONS,
  ...IDEMPOTENCY_MIGRATIONS,
  ProductsAndStock1700000000002,
  StockAddsUp1700000000003,
  InventoryVersionsCounted1700000000201,
  InventoryVersionsAreBigints1700000000301,
  ProductsKeepTheirChanges1700000000401,
  Settings1700000000402,
  GoodsLeave1700000000502,
  ReservationsAreRevised1700000000503,
];
