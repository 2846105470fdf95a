import { ProblemAnswer, type Api } from '../shared/api.js';
import { insist, isAway } from './insist.js';

const SEEDED_WITHIN_MS = 30_000;

export interface NewProduct {
  readonly sku: string;
  readonly name: string;
  readonly currency: string;
  /** Minor units. */
  readonly price: number;
  readonly onHand: number;
}

const product = (sku: string, name: string, price: number, onHand = 1_000): NewProduct => ({
  sku,
  name,
  currency: 'EUR',
  price,
  onHand,
});

/** There are two of these, for the sample that wants more. */
export const SCARCE = 'globe-antique';

export const PRODUCTS: readonly NewProduct[] = [
  product('mug-blue', 'Mug, blue', 12_90),
  product('mug-red', 'Mug, red', 12_90),
  product('teapot', 'Teapot, cast iron', 64_00),
  product('tea-sencha', 'Sencha tea, 100 g', 9_50),
  product('tea-darjeeling', 'Darjeeling tea, 100 g', 11_20),
  product('notebook', 'Notebook, dotted', 7_80),
  product('pencil-set', 'Pencils, set of twelve', 15_00),
  product('desk-lamp', 'Desk lamp', 89_00),
  product('chair-oak', 'Chair, oak', 249_00),
  product('headphones', 'Headphones', 179_00),
  product('backpack', 'Backpack, 24 l', 95_00),
  product(SCARCE, 'Globe, antique', 1_450_00, 2),
];

/** Lists the products that are missing; those that exist keep their price and stock. */
export async function seedProducts(api: Api, signal?: AbortSignal): Promise<void> {
  const seed = async ({ sku, ...product }: NewProduct): Promise<void> => {
    const path = `/v1/products/${encodeURIComponent(sku)}`;
    if (!(await exists(api, path))) await api.request('PUT', path, { body: product });
  };
  await Promise.all(
    PRODUCTS.map((product) => insist({ withinMs: SEEDED_WITHIN_MS, mayChange: isAway, signal }, () => seed(product))),
  );
}

async function exists(api: Api, path: string): Promise<boolean> {
  try {
    await api.get(path);
    return true;
  } catch (error) {
    if (error instanceof ProblemAnswer && error.status === 404) return false;
    throw error;
  }
}
