import { SERVICES, type ServiceName } from '@backstep/contracts';

/**
 * Where a list over all services goes on. The services come one after the other, each in its own order, so a place is a
 * service and its cursor: nothing is merged, and nothing has to be kept between pages.
 */
export interface ParkedPlace {
  readonly service: ServiceName;
  /** The service's own. Absent at its beginning. */
  readonly cursor?: string;
}

export const formatPlace = ({ service, cursor = '' }: ParkedPlace): string =>
  Buffer.from(`${service}/${cursor}`).toString('base64url');

/** @returns undefined when it is not a cursor of ours. */
export function parsePlace(text: string): ParkedPlace | undefined {
  const [, name, cursor] = /^([a-z]+)\/(.*)$/s.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  const service = SERVICES.find((one) => one === name);
  if (service === undefined) return undefined;
  return cursor ? { service, cursor } : { service };
}
