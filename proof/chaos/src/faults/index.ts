import { ailProvider } from './ail-provider.js';
import { cutConnections, delayMessages, silenceConnections } from './cut-connections.js';
import { cutExpress, delayExpress, halveExpress, silenceExpress } from './cut-express.js';
import type { Fault } from './fault.js';
import { fillDisk } from './fill-disk.js';
import { freezeKafka } from './freeze-kafka.js';
import { freezePostgres } from './freeze-postgres.js';
import { freezeServices } from './freeze-services.js';
import { hostileRecords } from './hostile-records.js';
import { killServices } from './kill-services.js';
import { poison } from './poison.js';
import { publishAgain } from './publish-again.js';
import { resetGroups } from './reset-groups.js';
import { startWithoutKafka } from './start-without-kafka.js';
import { stepClock } from './step-clock.js';
import { stopKafka } from './stop-kafka.js';
import { stopPostgres } from './stop-postgres.js';
import { wipeKafka } from './wipe-kafka.js';

/** All that can go wrong. A new one is a file beside these and a line here. It shifts what is drawn: the seeds of before tell other stories then. */
export const FAULTS: readonly Fault[] = [
  killServices,
  freezeServices,
  stopKafka,
  freezeKafka,
  wipeKafka,
  startWithoutKafka,
  stopPostgres,
  freezePostgres,
  fillDisk,
  cutConnections,
  delayMessages,
  silenceConnections,
  ailProvider,
  publishAgain,
  resetGroups,
  poison,
  hostileRecords,
  stepClock,
  cutExpress,
  delayExpress,
  silenceExpress,
  halveExpress,
];
