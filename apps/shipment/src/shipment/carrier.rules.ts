import { COUNTRIES_NOT_SERVED } from '@backstep/contracts/stand-ins';

export type CarrierAnswer =
  { readonly accepted: true; readonly trackingNumber: string } | { readonly accepted: false; readonly reason: string };

export function askCarrier(country: string, shipmentId: string): CarrierAnswer {
  const reason = Object.hasOwn(COUNTRIES_NOT_SERVED, country) ? COUNTRIES_NOT_SERVED[country] : undefined;
  if (reason !== undefined) return { accepted: false, reason };
  // The random end of a UUIDv7, since orders of the same millisecond share its beginning.
  return { accepted: true, trackingNumber: `BS${shipmentId.replaceAll('-', '').slice(-12).toUpperCase()}` };
}
