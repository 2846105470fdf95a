import { SERVICES, type ServiceName } from '@backstep/contracts';
import { pageCursor } from '@backstep/problems';

/**
 * The place at which a list over all services continues. The services come one after the other, each in its own order. So a place is a service
 * and its cursor: nothing is merged, and nothing is kept between pages.
 */
export interface ParkedPlace {
  readonly service: ServiceName;
  /** The cursor of the service; absent at its beginning. */
  readonly cursor?: string;
}

const CURSOR = pageCursor('everywhere', `(?:${SERVICES.join('|')})(?:[.]parked[.][1-9][0-9]{0,17})?`);

export const formatPlace = ({ service, cursor }: ParkedPlace): string =>
  CURSOR.after(cursor === undefined ? service : `${service}.${cursor}`);

/** Reads a cursor to the place it names. */
export const ParkedCursor = CURSOR.schema.transform((text): ParkedPlace => {
  const [service, ...cursor] = text.split('.') as [ServiceName, ...string[]];
  return cursor.length === 0 ? { service } : { service, cursor: cursor.join('.') };
});
