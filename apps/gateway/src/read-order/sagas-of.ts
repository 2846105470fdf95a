import { type SagaSummaryView, SagaSummaryViews, SagaView } from '@backstep/contracts/http';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import type { RequestContext } from '@backstep/service';
import { type Saga, toSaga } from '../representations/saga.js';
import type { ServiceClient } from '../services/service-client.js';

/** The timeout for the sagas of an order: the order itself can be shown without them. */
const SAGA_ANSWER_MS = 1_000;
/** An order has one saga of each definition, and there are few definitions. */
const SAGAS_MAX = 20;
const PLACES_THE_ORDER = 'place-order';

/** @returns all sagas of the order, place-order first, then in the order in which they began; null when the orchestrator does not answer */
export async function sagasOf(
  orchestrator: ServiceClient,
  context: RequestContext,
  orderId: string,
): Promise<Saga[] | null> {
  try {
    const query = { subject: orderId, limit: SAGAS_MAX };
    const all = { answer: SagaSummaryViews, path: '/sagas', query, answerMs: SAGA_ANSWER_MS };
    const { body: page } = await orchestrator.request(context, all);
    const read = async ({ id }: SagaSummaryView): Promise<Saga> => {
      const one = { answer: SagaView, path: `/sagas/${id}`, answerMs: SAGA_ANSWER_MS };
      return toSaga((await orchestrator.request(context, one)).body);
    };
    return await Promise.all(asTheyBegan(page.items).map(read));
  } catch (error) {
    if (error instanceof ProblemError && error.problem === PROBLEMS.unavailable) return null;
    throw error;
  }
}

function asTheyBegan(sagas: readonly SagaSummaryView[]): SagaSummaryView[] {
  const rank = ({ type }: SagaSummaryView): number => (type === PLACES_THE_ORDER ? 0 : 1);
  return [...sagas].sort((a, b) => rank(a) - rank(b) || Date.parse(a.createdAt) - Date.parse(b.createdAt));
}
