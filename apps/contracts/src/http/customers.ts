import { freeText } from '@backstep/messages';
import { z } from 'zod';
import { CustomerId, PostalAddress, RequestedEmail, RequestedPhone, RequestedPostalAddress } from '../fields.js';
import { Version } from './fields.js';

/** A customer's profile as the order service answers it. */
export const CustomerView = z.object({
  id: CustomerId,
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  address: PostalAddress.nullable().meta({ description: 'Where orders of this customer go that name no address' }),
  version: Version,
});
export type CustomerView = Readonly<z.infer<typeof CustomerView>>;

/** `PUT /customers/{id}` */
export const PutCustomerRequest = z
  .strictObject({
    name: freeText(200),
    email: RequestedEmail.nullable().optional(),
    phone: RequestedPhone.nullable().optional(),
    address: RequestedPostalAddress.nullable().optional(),
  })
  .meta({
    id: 'PutCustomer',
    examples: [
      {
        name: 'Ada Lovelace',
        email: 'ada@example.org',
        phone: '+44 20 7946 0958',
        address: { line1: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' },
      },
    ],
  });

/** `PATCH /customers/{id}`: a JSON Merge Patch (RFC 7386). */
export const PatchCustomerRequest = z
  .strictObject({
    name: freeText(200).optional(),
    email: RequestedEmail.nullable().optional(),
    phone: RequestedPhone.nullable().optional(),
    address: RequestedPostalAddress.partial().nullable().optional().meta({
      description: 'The parts that change, which must make a whole address with those that are there; null for none',
    }),
  })
  .meta({ id: 'PatchCustomer', examples: [{ phone: '+44 20 7946 0018' }] });
