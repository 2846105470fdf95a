import { InvalidArgumentError } from 'commander';

/** One operation on the lines of an order, as the API takes it. */
export type LineOperation =
  | { readonly op: 'setQuantity' | 'addLine'; readonly sku: string; readonly quantity: number }
  | { readonly op: 'removeLine'; readonly sku: string };

const ADDRESS_PARTS = ['name', 'line1', 'city', 'postalCode', 'country'] as const;
export type AddressPatch = Readonly<Partial<Record<(typeof ADDRESS_PARTS)[number], string>>>;

/** Reads `mug-blue=3`, one operation more each time. */
const quantified =
  (op: 'setQuantity' | 'addLine') =>
  (text: string, before: readonly LineOperation[] | undefined): LineOperation[] => {
    const [, sku, quantity] = /^([^=]+)=(\d{1,5})$/.exec(text) ?? [];
    if (sku === undefined || Number(quantity) < 1)
      throw new InvalidArgumentError('It must be a SKU and a quantity such as mug-blue=2.');
    return [...(before ?? []), { op, sku, quantity: Number(quantity) }];
  };

export const setQuantity = quantified('setQuantity');
export const addLine = quantified('addLine');

export const removeLine = (sku: string, before: readonly LineOperation[] | undefined): LineOperation[] => [
  ...(before ?? []),
  { op: 'removeLine', sku },
];

/** Reads `city=Bonn`, one part of the address more each time. */
export function addressPart(text: string, before: AddressPatch = {}): AddressPatch {
  const at = text.indexOf('=');
  const part = ADDRESS_PARTS.find((name) => name === text.slice(0, at));
  if (part === undefined)
    throw new InvalidArgumentError(`It must be one of ${ADDRESS_PARTS.join(', ')} and its value, such as city=Bonn.`);
  return { ...before, [part]: text.slice(at + 1) };
}
