import { UnitOfWorkTables1700000000001 } from '@backstep/unit-of-work';
import { ProductsAndStock1700000000002 } from './0002-products-and-stock.js';

export const MIGRATIONS = [UnitOfWorkTables1700000000001, ProductsAndStock1700000000002];
