import { UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';
import { Shipments1700000000002 } from './0002-shipments.js';
import { ShipmentVersionsCounted1700000000201 } from './0003-versions-are-counted.js';
import { ShipmentVersionsAreBigints1700000000301 } from './0004-versions-are-bigints.js';

export const MIGRATIONS = [
  ...UNIT_OF_WORK_MIGRATIONS,
  Shipments1700000000002,
  ShipmentVersionsCounted1700000000201,
  ShipmentVersionsAreBigints1700000000301,
];
