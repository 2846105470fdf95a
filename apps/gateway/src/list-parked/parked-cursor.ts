import { SERVICES, type ServiceName } from '@backstep/contracts';
import { pageCursor } from '@backstep/platform';

/**
 * Where a list over all services goes on. The services come one after the other, each in its own order, so a place is a
 * service and its cursor: nothing is merged, and nothing has to be kept between pages.
 */
export interface ParkedPlace {
  readonly service: ServiceName;
  /** The service's own. Absent at its beginning. */
  readonly cursor?: string;
}

/** The service checks its own part. */
const CURSOR = pageCursor('parked-everywhere', new RegExp(`^(?:${SERVICES.join('|')})/[A-Za-z0-9_-]*$`));

export const formatPlace = ({ service, cursor = '' }: ParkedPlace): string => CURSOR.after(`${service}/${cursor}`);

/** Reads a cursor to the place it names. */
export const ParkedCursor = CURSOR.schema.transform((text): ParkedPlace => {
  const [service, cursor] = text.split('/') as [ServiceName, string];
  return cursor === '' ? { service } : { service, cursor };
});
