/** The state of the list, as its address has it. */
export interface ProductsSearch {
  /** The product of the row that has the keyboard. */
  readonly sel?: string;
}

const SKU = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const isSku = (value: unknown): value is string => typeof value === 'string' && SKU.test(value);

/** What is not understood is left out. */
export const productsSearch = ({ sel }: Readonly<Record<string, unknown>>): ProductsSearch =>
  isSku(sel) ? { sel } : {};
