import type { Mutant } from '../mutant.js';
import { CANCELLATIONS } from './cancellations.js';
import { CONSOLE } from './console.js';
import { CONTENTION } from './contention.js';
import { EXPRESS_LANES } from './express.js';
import { EXPRESS_SOCKETS } from './express-sockets.js';
import { LAB } from './lab.js';
import { LANES } from './lanes.js';
import { LOCKS } from './locks.js';
import { LOOKING } from './looking.js';
import { MESSAGES } from './messages.js';
import { MONEY } from './money.js';
import { OPERATORS } from './operators.js';
import { PAYMENTS } from './payments.js';
import { RETRIES } from './retries.js';
import { REVISIONS } from './revisions.js';
import { ROWS } from './rows.js';
import { SAGAS } from './sagas.js';
import { SERVICES } from './services.js';
import { SETTLING_MUTANTS } from './settling.js';
import { STRANGERS } from './strangers.js';
import { VERSIONS } from './versions.js';
import { WEBHOOKS } from './webhooks.js';

/** Every protection that is taken out, one at a time. */
export const MUTANTS: readonly Mutant[] = [
  ...MESSAGES,
  ...EXPRESS_LANES,
  ...EXPRESS_SOCKETS,
  ...ROWS,
  ...RETRIES,
  ...VERSIONS,
  ...LOCKS,
  ...LANES,
  ...MONEY,
  ...SAGAS,
  ...OPERATORS,
  ...SERVICES,
  ...CANCELLATIONS,
  ...PAYMENTS,
  ...REVISIONS,
  ...WEBHOOKS,
  ...SETTLING_MUTANTS,
  ...STRANGERS,
  ...CONSOLE,
  ...CONTENTION,
  ...LAB,
  ...LOOKING,
];
