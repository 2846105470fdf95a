import { InvalidArgumentError } from 'commander';

export interface RequestedItem {
  readonly sku: string;
  readonly quantity: number;
}

/** Reads `mug-blue` or `mug-blue:3`, one line of an order more with each `--sku`. */
export function requestedItem(text: string, before: readonly RequestedItem[] | undefined): RequestedItem[] {
  const [, sku, quantity = '1'] = /^([^:]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (sku === undefined || Number(quantity) < 1) {
    throw new InvalidArgumentError('It must be a SKU, or a SKU and a quantity such as mug-blue:2.');
  }
  return [...(before ?? []), { sku, quantity: Number(quantity) }];
}
