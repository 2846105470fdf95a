import { catalogue } from '@backstep/messages';
import * as messages from './messages/index.js';
import { topicsReadBy } from './access.js';
import { SERVICES, TOPICS, type ServiceName } from './topics.js';

const placeOf = (service: string): number => SERVICES.indexOf(service as ServiceName);

/** The services that read a topic, as they declare. */
const readers = Object.fromEntries(
  TOPICS.map(({ name }) => [name, SERVICES.filter((service) => topicsReadBy(service).includes(name))]),
);

/** Every message of the shop, by service. A command that is not here is unknown and is parked. */
export const CATALOGUE = catalogue(
  Object.values(messages).sort((a, b) => placeOf(a.service) - placeOf(b.service)),
  { readers },
);
