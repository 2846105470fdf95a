/** Kafka did not answer, or not in time. The same call may succeed later; what it should have sent may or may not be there. */
export class KafkaUnavailableError extends Error {
  override readonly name: string = 'KafkaUnavailableError';
  readonly retryable = true;
}

/** What Kafka refused: a message, a topic, or something that time may heal or not. */
export interface KafkaRefusal {
  readonly of: 'message' | 'topic' | 'unsure';
  /** Kafka's own name for it, such as `MESSAGE_TOO_LARGE`. */
  readonly code: string;
}

/**
 * Kafka does not accept who asks, or does not allow it. Tried again like an absence, and told as an error each time: a broker that starts may
 * not know its users yet, and an operator may set it right while we run.
 */
export class KafkaAccessError extends KafkaUnavailableError {
  override readonly name: string = 'KafkaAccessError';
}

/** Kafka answered and will give the same answer again, for example to a message larger than it takes. */
export class KafkaRefusedError extends Error {
  override readonly name = 'KafkaRefusedError';
  readonly retryable = false;
  /** Undefined where it is the producer that is refused, whatever it sends: its credentials, its version. */
  readonly refusal: KafkaRefusal | undefined;
  constructor(message: string, { refusal, ...options }: ErrorOptions & { refusal?: KafkaRefusal | undefined } = {}) {
    super(message, options);
    this.refusal = refusal;
  }
}

/** Kafka has no such topic. Topics are declared in contracts and made by `createTopics`, never on the fly. */
export class UnknownTopicError extends Error {
  override readonly name = 'UnknownTopicError';
  constructor(
    readonly topics: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`Kafka does not know a topic of ${topics.join(', ')}; create the declared topics first`, options);
  }
}

/** A topic is there with another number of partitions than declared: its keys would map to other partitions than ours. */
export class TopicMismatchError extends Error {
  override readonly name = 'TopicMismatchError';
  constructor(
    readonly topic: string,
    readonly declaredPartitions: number,
    readonly actualPartitions: number,
  ) {
    super(`topic ${topic} has ${actualPartitions} partitions, declared are ${declaredPartitions}`);
  }
}

/** Handlers and topics do not match one to one: a message would be lost in silence, so the service does not start. */
export class HandlerMismatchError extends Error {
  override readonly name = 'HandlerMismatchError';
}

/** The consumer cannot tell whether it is still in its group. Nothing was handled; it joins anew. */
export class MembershipUnknownError extends Error {
  override readonly name = 'MembershipUnknownError';
  /** As kafkajs says it: see {@link isTransient}. */
  readonly retriable = true;
}

/** kafkajs waits for something that will not come, and says nothing. A new client takes its place. */
export class KafkaSilentError extends Error {
  override readonly name = 'KafkaSilentError';
  /** As kafkajs says it: see {@link isTransient}. */
  readonly retriable = true;
}

/** More live readers at once than one process serves. Retry when another has ended. */
export class TooManyFollowersError extends Error {
  override readonly name = 'TooManyFollowersError';
  readonly retryable = true;
  constructor(readonly limit: number) {
    super(`${limit} live readers are open already`);
  }
}

/** Chains are a few links long, and an error of several topics names each of them; the bound is against a cycle. */
const MAX_CAUSES = 50;

/** The error, and all that it says it comes from. */
function causesOf(error: unknown): object[] {
  const causes: object[] = [];
  const links: unknown[] = [error];
  while (links.length > 0 && causes.length < MAX_CAUSES) {
    const link = links.shift();
    if (typeof link !== 'object' || link === null) continue;
    causes.push(link);
    if ('cause' in link) links.push(link.cause);
    if ('errors' in link && Array.isArray(link.errors)) links.push(...(link.errors as unknown[]));
  }
  return causes;
}

/** True for a fault that says of itself that trying again may help: the database is away. */
export const isRetryable = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true;

/** kafkajs says of these that they cannot be retried, meaning its own attempts are used up. */
const USED_UP = ['KafkaJSNumberOfRetriesExceeded', 'KafkaJSGroupCoordinatorNotFound'];

/**
 * True when kafkajs gave up on something that time may heal: a broker away, a leader moving, a coordinator loading.
 * kafkajs wraps what it gave up on as non-retriable, so the whole chain is asked.
 */
export const isTransient = (error: unknown): boolean =>
  accessProblem(error) !== undefined ||
  causesOf(error).some(
    (cause) =>
      ('retriable' in cause && cause.retriable === true) || ('name' in cause && USED_UP.includes(String(cause.name))),
  );

/** Kafka's names for what it says to a batch that it does not take. kafkajs would try some of them again, and again. */
const REFUSALS: Readonly<Record<string, KafkaRefusal['of']>> = {
  MESSAGE_TOO_LARGE: 'message',
  RECORD_LIST_TOO_LARGE: 'message',
  INVALID_RECORD: 'message',
  INVALID_TIMESTAMP: 'message',
  POLICY_VIOLATION: 'message',
  INVALID_REQUEST: 'message',
  UNSUPPORTED_COMPRESSION_TYPE: 'topic',
  UNSUPPORTED_FOR_MESSAGE_FORMAT: 'topic',
  TOPIC_AUTHORIZATION_FAILED: 'topic',
  INVALID_TOPIC_EXCEPTION: 'topic',
  INVALID_REQUIRED_ACKS: 'topic',
  UNKNOWN_TOPIC_OR_PARTITION: 'topic',
  // A bit that fell over on its way, or a fault of the broker: the same may be taken the next time.
  CORRUPT_MESSAGE: 'unsure',
  UNKNOWN: 'unsure',
  KAFKAJS_UNKNOWN_ERROR_CODE: 'unsure',
};
/** What kafkajs throws when it cannot even write the batch down. */
const UNWRITABLE = ['KafkaJSNonRetriableError', 'TypeError', 'RangeError'];

/** Undefined: Kafka is away, or the fault is not in what was sent. */
export function refusalOf(error: unknown): KafkaRefusal | undefined {
  for (const cause of causesOf(error)) {
    const code = 'type' in cause && typeof cause.type === 'string' ? cause.type : '';
    const of = REFUSALS[code];
    if (of) return { of, code };
  }
  const name = typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
  return UNWRITABLE.includes(name) ? { of: 'unsure', code: name } : undefined;
}

/** @returns what to look at when Kafka refuses who asks or what is asked, or the connection is not trusted; undefined for every other error. */
export function accessProblem(error: unknown): string | undefined {
  for (const cause of causesOf(error)) {
    const [name, type, message] = ['name', 'type', 'message'].map((field) => String(Reflect.get(cause, field) ?? ''));
    if (name === 'KafkaJSSASLAuthenticationError' || type === 'SASL_AUTHENTICATION_FAILED') {
      return 'Kafka does not accept the credentials: check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD, and KAFKA_SASL_MECHANISM';
    }
    if (type?.endsWith('_AUTHORIZATION_FAILED')) return `Kafka has no ACL that allows this user to do that (${type})`;
    if (/certificate/i.test(message ?? ''))
      return `Kafka's certificate is not trusted: check KAFKA_SSL_CA (${message})`;
  }
  return undefined;
}

/** kafkajs keeps to itself what the brokers answered: one that starts and one that does not allow it look the same. */
const NO_COORDINATOR =
  'Kafka does not tell where a group is: it starts, or no ACL allows this user to look at the group';

/** The error that tells that Kafka is unavailable, or what keeps it from us. */
export function unavailable(error: unknown): KafkaUnavailableError {
  const problem = accessProblem(error);
  if (problem !== undefined) return new KafkaAccessError(problem, { cause: error });
  const lost = causesOf(error).some((cause) => 'name' in cause && cause.name === 'KafkaJSGroupCoordinatorNotFound');
  return new KafkaUnavailableError(lost ? NO_COORDINATOR : 'Kafka is unavailable', { cause: error });
}

export const isUnknownTopic = (error: unknown): boolean =>
  causesOf(error).some((cause) => 'type' in cause && cause.type === 'UNKNOWN_TOPIC_OR_PARTITION');

export const isOffsetOutOfRange = (error: unknown): boolean =>
  causesOf(error).some((cause) => 'type' in cause && cause.type === 'OFFSET_OUT_OF_RANGE');

export const asError = (thrown: unknown): Error => {
  if (thrown instanceof Error) return thrown;
  return new Error(`not an Error was thrown: ${JSON.stringify(thrown)}`, { cause: thrown });
};
