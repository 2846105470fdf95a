/** Countries that the carrier does not serve. An order to Antarctica fails after its charge. */
const NOT_SERVED: ReadonlyMap<string, string> = new Map([['AQ', 'The carrier does not deliver to Antarctica.']]);

export type CarrierAnswer =
  { readonly accepted: true; readonly trackingNumber: string } | { readonly accepted: false; readonly reason: string };

export function askCarrier(country: string, shipmentId: string): CarrierAnswer {
  const reason = NOT_SERVED.get(country);
  if (reason !== undefined) return { accepted: false, reason };
  // The random end of a UUIDv7, since orders of the same millisecond share its beginning.
  return { accepted: true, trackingNumber: `BS${shipmentId.replaceAll('-', '').slice(-12).toUpperCase()}` };
}
