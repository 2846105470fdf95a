import type { PlaceOrder } from '../api/types.js';
import type { CartLine } from './playground-search.js';

type Address = NonNullable<PlaceOrder['shippingAddress']>;

/** Where Ada lives, in the countries that are offered. */
const ADDRESSES: Readonly<Record<string, Omit<Address, 'name' | 'country'>>> = {
  AQ: { line1: 'McMurdo Station', city: 'Ross Island', postalCode: '96599' },
  DE: { line1: '12 Unter den Linden', city: 'Berlin', postalCode: '10117' },
  FR: { line1: '12 Rue de Rivoli', city: 'Paris', postalCode: '75004' },
  GB: { line1: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH' },
  US: { line1: '12 Market Street', city: 'San Francisco, CA', postalCode: '94105' },
};
export const COUNTRIES = Object.keys(ADDRESSES);

const countryNames = new Intl.DisplayNames('en', { type: 'region' });
export const countryName = (code: string): string => countryNames.of(code) ?? code;

/** The body of `POST /v1/orders`. */
export const newOrder = (cart: readonly CartLine[], card: string, country: string): PlaceOrder => ({
  items: [...cart],
  paymentMethod: card,
  shippingAddress: {
    name: 'Ada Lovelace',
    ...(ADDRESSES[country] ?? { line1: 'Poste restante', city: countryName(country), postalCode: '00000' }),
    country,
  },
});
