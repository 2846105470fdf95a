import type { WebhookAnswer } from '@backstep/contracts/http';
import { idempotent, keyed, type KeyedRequest } from '@backstep/idempotency';
import type { Change, DecideContext, LoadedNeeds, RequestHandler } from '@backstep/unit-of-work';
import { SettlePaymentHandler } from '../settle-payment/settle-payment.handler.js';
import type { ProviderEvent } from './provider-event.js';

const recording = new SettlePaymentHandler();
/** An event has no lease: the provider was asked under another's, or under one that is over. */
const requestOf = ({ paymentIntentId, outcome }: ProviderEvent) => ({ paymentIntentId, outcome, lease: undefined });
const needs = (event: ProviderEvent) => recording.needs(requestOf(event));

/**
 * Stores what an event of the provider tells, by the rules by which an answer of the provider is stored. The request was committed before the
 * provider was called, so an event about a payment that is not here is about no payment of ours.
 */
export class ReceiveWebhookHandler implements RequestHandler<ProviderEvent, WebhookAnswer, ReturnType<typeof needs>> {
  readonly needs = needs;

  /** @throws UnexpectedAnswerError, ContradictoryOutcomeError */
  decide(
    event: ProviderEvent,
    state: LoadedNeeds<ReturnType<typeof needs>>,
    context: DecideContext,
  ): { answer: WebhookAnswer; changes: Change[] } {
    if (!state.intent) return { answer: { outcome: 'unknown_payment' }, changes: [] };
    event.check(state.intent);
    const { answer: isStored, changes } = recording.decide(requestOf(event), state, context);
    return { answer: { outcome: isStored ? 'settled' : 'known' }, changes };
  }
}

/** The same with one decision for each event, however often it is delivered. */
export const receiveWebhookOnce = idempotent(new ReceiveWebhookHandler(), { operation: 'receiveWebhook' });

/** The delivery of an event. Members of the event that differ between its deliveries are no part of what must be the same. */
export const delivery = (event: ProviderEvent): KeyedRequest<ProviderEvent> =>
  keyed(event.id, { paymentIntentId: event.paymentIntentId, outcome: event.outcome }, event);
