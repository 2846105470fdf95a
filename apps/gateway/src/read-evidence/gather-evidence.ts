import { SERVICES, type ServiceName } from '@backstep/contracts';
import { OrderView, PaymentIntentView } from '@backstep/contracts/http';
import type { KeyReading } from '@backstep/kafka';
import { isUuid } from '@backstep/messages';
import { comeAgain, ProblemError, PROBLEMS } from '@backstep/problems';
import type { RequestContext } from '@backstep/service';
import type { OrderLog } from '../order-events/order-log.js';
import { mayStillCome, timeWindowOf, type TimeWindow } from '../order-events/time-window.js';
import {
  EVIDENCE_MAX,
  type Evidence,
  type Missing,
  type ServiceEvidence,
  ServiceEvidenceView,
  toServiceEvidence,
} from '../representations/evidence.js';
import { toOrder } from '../representations/order.js';
import { type PaymentIntent, toPaymentIntent } from '../representations/payment-intent.js';
import type { Saga } from '../representations/saga.js';
import { shownMessage } from '../representations/shown-message.js';
import { sagasOf } from '../read-order/sagas-of.js';
import { UnexpectedAnswerError } from '../services/service-client.js';
import type { Services } from '../services/services.js';

/** How long a service may take, milliseconds; all are asked at the same time. */
const ANSWER_MS = 1_000;
/** How long Kafka may take, milliseconds: the first question of a gateway connects, and much may lie in the log since the order began. */
const KAFKA_MS = 5_000;

/** What a service says that is too busy, or does not answer. */
const SILENT: ReadonlySet<string> = new Set(
  [PROBLEMS.unavailable, PROBLEMS.handlerTimeout, PROBLEMS.overloaded].map(({ type }) => type),
);

/** The service does not answer, or has too much to do. */
const isSilent = (error: unknown): boolean => error instanceof ProblemError && SILENT.has(error.problem.type);
/** It does not answer, or fails, or is of another version: the others say what they know all the same. */
const isAny = (error: unknown): boolean => error instanceof ProblemError || error instanceof UnexpectedAnswerError;

interface Sources {
  readonly services: Services;
  readonly log: OrderLog;
}

/**
 * All that is known about an order, from everywhere. What is away is named in `missing`.
 * @throws ProblemError `not-found`: the order service knows no such order; `internal`: it fails
 */
export async function gatherEvidence(
  { services, log }: Sources,
  context: RequestContext,
  orderId: string,
): Promise<Evidence> {
  const missing: Missing[] = [];
  const orElse = async <T>(look: () => Promise<T>, instead: T, absent: Missing, isPassed = isAny): Promise<T> => {
    try {
      return await look();
    } catch (error) {
      if (!isPassed(error)) throw error;
      missing.push(absent);
      return instead;
    }
  };
  const absent: Missing = { source: 'kafka', what: 'the messages, and who has handled them' };
  const readPast = (window: TimeWindow): Promise<KeyReading | undefined> =>
    orElse(() => log.past(orderId, window, KAFKA_MS), undefined, absent);
  const now = Date.now();
  const asking = orElse(
    () => orderOf(services, context, orderId),
    null,
    { source: 'order', what: 'the order' },
    isSilent,
  );
  const [order, sagas, intents, early] = await Promise.all([
    asking,
    orElse(() => toldSagas(services, context, orderId), [], { source: 'orchestrator', what: 'the sagas' }),
    orElse(() => intentsOf(services, context, orderId), [], { source: 'payment', what: 'the payment' }),
    // What the sagas say of its end is not waited for where that cannot be over.
    asking.then(async (one) => one && mayStillCome(one, now) && { read: await readPast(timeWindowOf(one, [], now)) }),
  ]);
  const window = windowOf(order, sagas, now);
  if (window === undefined) missing.push(absent);
  const found = early ? early.read : window && (await readPast(window));
  const messages = (found?.messages ?? []).slice(-EVIDENCE_MAX).map(shownMessage);
  const isCut = found !== undefined && (found.messages.length > EVIDENCE_MAX || !found.complete);
  const ids = messages.flatMap(({ headers }) => headers['ce_id'] ?? []).filter(isUuid);
  const asked = { key: orderId, messageIds: [...new Set(ids)] };
  const ofService = (service: ServiceName): Promise<ServiceEvidence | undefined> =>
    orElse(() => evidenceOf(services, context, service, asked), undefined, {
      source: service,
      what: 'its inbox, outbox, parked messages, rows, timers and group',
    });
  const all = (await Promise.all(SERVICES.map(ofService))).filter((one) => one !== undefined);
  for (const { service, group } of all)
    if (group === null) missing.push({ source: 'kafka', what: `how far the group of ${service} has read` });
  return {
    orderId,
    takenAt: new Date().toISOString(),
    order: order && toOrder(order),
    sagas,
    intents,
    messages,
    services: all,
    truncated: isCut ? ['messages'] : [],
    missing,
  };
}

async function orderOf({ order }: Services, context: RequestContext, orderId: string): Promise<OrderView> {
  const request = { answer: OrderView, path: `/orders/${orderId}`, answerMs: ANSWER_MS };
  return (await order.request(context, request)).body;
}

async function toldSagas({ orchestrator }: Services, context: RequestContext, orderId: string): Promise<Saga[]> {
  const sagas = await sagasOf(orchestrator, context, orderId);
  if (sagas === null) throw comeAgain(PROBLEMS.unavailable, { detail: 'The orchestrator service does not answer.' });
  return sagas;
}

/** The payment of an order has its id; there is none before it is charged. */
async function intentsOf({ payment }: Services, context: RequestContext, orderId: string): Promise<PaymentIntent[]> {
  const request = { answer: PaymentIntentView, path: `/payment-intents/${orderId}`, answerMs: ANSWER_MS };
  try {
    return [toPaymentIntent((await payment.request(context, request)).body)];
  } catch (error) {
    if (error instanceof ProblemError && error.problem.type === PROBLEMS.notFound.type) return [];
    throw error;
  }
}

async function evidenceOf(
  services: Services,
  context: RequestContext,
  service: ServiceName,
  body: { readonly key: string; readonly messageIds: readonly string[] },
): Promise<ServiceEvidence> {
  const request = { method: 'POST' as const, path: '/evidence', body, answerMs: ANSWER_MS };
  const answer = await services.named(service).request(context, { ...request, answer: ServiceEvidenceView });
  return toServiceEvidence(service, answer.body);
}

/** Without the order its sagas tell when its messages began; without both nothing does. */
function windowOf(order: OrderView | null, sagas: readonly Saga[], now: number): TimeWindow | undefined {
  const [first] = [...sagas].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  const began = order ?? first;
  return began && timeWindowOf(began, sagas, now);
}
