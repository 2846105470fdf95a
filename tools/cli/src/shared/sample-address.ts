import type { Order } from './representations.js';

type Address = Order['shippingAddress'];

/** Where Ada lives, in some countries. */
const KNOWN: Readonly<Record<string, Omit<Address, 'name' | 'country'>>> = {
  AQ: { line1: 'McMurdo Station', city: 'Ross Island', postalCode: '96599' },
  DE: { line1: '12 Unter den Linden', city: 'Berlin', postalCode: '10117' },
  FR: { line1: '12 Rue de Rivoli', city: 'Paris', postalCode: '75004' },
  GB: { line1: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH' },
  US: { line1: '12 Market Street', city: 'San Francisco, CA', postalCode: '94105' },
};

const countryNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** An address that could be one of that country. What is no country is the API's to refuse. */
export function sampleAddress(country: string): Address {
  const code = country.toUpperCase();
  const known = KNOWN[code] ?? { line1: 'Poste restante', city: nameOf(code) ?? country, postalCode: '00000' };
  return { name: 'Ada Lovelace', ...known, country: code };
}

/** Undefined for what is not even spelled like one. */
function nameOf(code: string): string | undefined {
  return /^[A-Z]{2}$/.test(code) ? countryNames.of(code) : undefined;
}
