/** Where the carrier does not go. Antarctica shows what happens when an order fails after it was charged. */
const NOT_SERVED: ReadonlyMap<string, string> = new Map([['AQ', 'The carrier does not deliver to Antarctica.']]);

export type CarrierAnswer =
  { readonly accepted: true; readonly trackingNumber: string } | { readonly accepted: false; readonly reason: string };

export function askCarrier(country: string, shipmentId: string): CarrierAnswer {
  const reason = NOT_SERVED.get(country);
  if (reason !== undefined) return { accepted: false, reason };
  // The random end of a UUIDv7: its beginning is the time, which orders of the same moment share.
  return { accepted: true, trackingNumber: `BS${shipmentId.replaceAll('-', '').slice(-12).toUpperCase()}` };
}
