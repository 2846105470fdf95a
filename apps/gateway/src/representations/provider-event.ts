import { z } from 'zod';

/** An event of the provider's, for the document: the gateway does not read it. https://docs.stripe.com/api/events/object */
export const ProviderEvent = z
  .looseObject({
    id: z.string().meta({ description: 'The same for each delivery' }),
    object: z.literal('event'),
    type: z.string().meta({
      description:
        '`payment_intent.succeeded`, `payment_intent.payment_failed` or `charge.refunded`; others are taken in and ignored',
    }),
    data: z.looseObject({
      object: z.looseObject({}).meta({
        description: 'The PaymentIntent or the charge, with the `paymentIntentId` of this API in its metadata',
      }),
    }),
  })
  .meta({
    id: 'ProviderEvent',
    examples: [
      {
        id: 'evt_1PzQ5xBackstep000000001',
        object: 'event',
        type: 'payment_intent.succeeded',
        data: {
          object: {
            id: 'pi_3PzQ5xBackstep000000001',
            object: 'payment_intent',
            amount: 4200,
            amount_received: 4200,
            currency: 'eur',
            metadata: { paymentIntentId: '0199a3b0-7c1e-7000-8000-000000000001' },
            status: 'succeeded',
          },
        },
      },
    ],
  });
