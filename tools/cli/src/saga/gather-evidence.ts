import type { Api } from '../shared/api.js';
import { CliError } from '../shared/exit-codes.js';
import type { OrderMessage } from '../shared/representations.js';
import type { DatabaseEvidence, EntityRow, Evidence } from './evidence.js';
import type { OperableSaga } from './operable-saga.js';

/** `GET /v1/orders/{id}/evidence`, as far as it is shown. Times are RFC 3339. */
interface EvidenceAnswer {
  readonly messages: readonly OrderMessage[];
  readonly services: readonly ServiceEvidence[];
  readonly truncated: readonly string[];
  readonly missing: readonly { readonly source: string; readonly what: string }[];
}

interface ServiceEvidence {
  readonly service: string;
  readonly inbox: readonly { readonly messageId: string; readonly receivedAt: string }[];
  readonly dropped: readonly (Place & { readonly messageId: string; readonly at: string })[];
  readonly outbox: readonly {
    readonly id: string;
    readonly topic: string;
    readonly type: string | null;
    readonly createdAt: string;
  }[];
  readonly parked: readonly (Place & {
    readonly id: string;
    readonly type: string | null;
    readonly state: string;
    readonly cause: string;
    readonly parkedAt: string;
  })[];
  readonly rows: readonly EntityRow[];
  readonly timers: readonly {
    readonly name: string;
    readonly sagaId: string;
    readonly dueAt: string;
    readonly wakeAt: string;
    readonly failures: number;
  }[];
  readonly group: { readonly id: string; readonly positions: DatabaseEvidence['positions'] } | null;
  readonly truncated: readonly string[];
}

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** The evidence of the saga's order, and of its timers those of the saga. Without an answer the saga itself is shown all the same. */
export async function gatherEvidence(api: Api, saga: OperableSaga): Promise<Evidence> {
  let answer: EvidenceAnswer;
  try {
    answer = await api.get<EvidenceAnswer>(`/v1/orders/${saga.orderId}/evidence`);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { saga, messages: [], databases: [], missing: [`the evidence of its order (${error.message})`] };
  }
  const cut = [
    ...answer.truncated.map((list) => `more of the ${list}`),
    ...answer.services.flatMap(({ service, truncated }) =>
      truncated.map((list) => `more of the ${list} of ${service}`),
    ),
  ];
  return {
    saga,
    messages: answer.messages,
    databases: answer.services.map((service) => databaseOf(service, saga.id)),
    missing: [...answer.missing.map(({ source, what }) => `${what} (${source} does not answer)`), ...cut],
  };
}

const databaseOf = (found: ServiceEvidence, ofSaga: string): DatabaseEvidence => ({
  service: found.service,
  inbox: found.inbox.map(({ messageId: id, receivedAt }) => ({ id, receivedAt: Date.parse(receivedAt) })),
  dropped: found.dropped.map(({ messageId: id, topic, partition, offset, at }) => {
    return { id, topic, partition, offset, at: Date.parse(at) };
  }),
  outbox: found.outbox.map(({ id, topic, type, createdAt }) => ({ id, topic, type, createdAt: Date.parse(createdAt) })),
  parked: found.parked.map(({ id, type, state, cause, topic, partition, offset, parkedAt }) => {
    return { id, type, state, cause, topic, partition, offset, parkedAt: Date.parse(parkedAt) };
  }),
  rows: found.rows,
  timers: found.timers
    .filter(({ sagaId }) => sagaId === ofSaga)
    .map(({ name, dueAt, wakeAt, failures }) => {
      return { name, dueAt: Date.parse(dueAt), firesAt: Date.parse(wakeAt), failures };
    }),
  positions: found.group?.positions ?? [],
});
