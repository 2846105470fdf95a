import { z } from 'zod';

/** What became of an event of the payment provider. Each of these means that it need not come again. */
export const WebhookAnswer = z.object({
  outcome: z.enum(['settled', 'known', 'duplicate', 'unknown_payment', 'ignored']).meta({
    description:
      'settled: stored now. known: the payment had it already. duplicate: this event was stored before. unknown_payment: the event is about ' +
      'no payment of this service. ignored: of a type, or about a movement, that nothing follows from.',
  }),
});
export type WebhookAnswer = Readonly<z.infer<typeof WebhookAnswer>>;
