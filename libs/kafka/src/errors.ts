/** Kafka did not answer, or not in time. The same call may succeed later. Messages that the call was to send may have arrived. */
export class KafkaUnavailableError extends Error {
  override readonly name: string = 'KafkaUnavailableError';
  readonly retryable = true;
}

/** What Kafka refused: a message, a topic, or something that the next attempt may or may not pass. */
export interface KafkaRefusal {
  readonly of: 'message' | 'topic' | 'unsure';
  /** Kafka's own name for it, such as `MESSAGE_TOO_LARGE`. */
  readonly code: string;
}

/**
 * Kafka does not accept the client's credentials, or does not allow it the operation. It is retried like an absence and logged as an error
 * each time: a broker that starts may not know its users yet, and an operator may correct it while we run.
 */
export class KafkaAccessError extends KafkaUnavailableError {
  override readonly name: string = 'KafkaAccessError';
}

/** Kafka answered and will give the same answer again, for example to a message larger than it takes. */
export class KafkaRefusedError extends Error {
  override readonly name = 'KafkaRefusedError';
  readonly retryable = false;
  /** Undefined when the producer itself is refused, whatever it sends: its credentials, its version. */
  readonly refusal: KafkaRefusal | undefined;
  constructor(message: string, { refusal, ...options }: ErrorOptions & { refusal?: KafkaRefusal | undefined } = {}) {
    super(message, options);
    this.refusal = refusal;
  }
}

/** Kafka has no such topic. Topics are declared with the messages and made by `createTopics`, never by sending to them. */
export class UnknownTopicError extends Error {
  override readonly name = 'UnknownTopicError';
  constructor(
    readonly topics: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`Kafka does not know a topic of ${topics.join(', ')}; create the declared topics first`, options);
  }
}

/** A topic exists with another number of partitions than declared, so its keys would map to other partitions than ours. */
export class TopicMismatchError extends Error {
  override readonly name = 'TopicMismatchError';
  constructor(
    readonly topic: string,
    readonly declaredPartitions: number,
    readonly actualPartitions: number,
  ) {
    super(`topic ${topic} has ${actualPartitions} partitions, and ${declaredPartitions} are declared`);
  }
}

/** Handlers and topics do not match one to one. A message would be lost in silence, so the service does not start. */
export class HandlerMismatchError extends Error {
  override readonly name = 'HandlerMismatchError';
}

/** The consumer cannot tell whether it is still in its group. It has handled nothing, and joins anew. */
export class MembershipUnknownError extends Error {
  override readonly name = 'MembershipUnknownError';
  /** The spelling of kafkajs: see `isTransient`. */
  readonly retriable = true;
}

/** kafkajs waits for something that will not come, and reports nothing. A new client takes its place. */
export class KafkaSilentError extends Error {
  override readonly name = 'KafkaSilentError';
  /** The spelling of kafkajs: see `isTransient`. */
  readonly retriable = true;
}

/** More live readers are open than one process serves. Retry when one of them has ended. */
export class TooManyFollowersError extends Error {
  override readonly name = 'TooManyFollowersError';
  readonly retryable = true;
  constructor(readonly limit: number) {
    super(`${limit} live readers are open already`);
  }
}

/** Bounds the search in case of a cycle. A chain has a few links, and an error of several topics has one error for each. */
const MAX_CAUSES = 50;

/** The error, its causes and its aggregated errors, breadth first. */
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

/** True for a fault that declares itself retryable, such as that the database is away. */
export const isRetryable = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true;

/** kafkajs marks these as not retriable, by which it means that its own attempts are used up. */
const USED_UP = ['KafkaJSNumberOfRetriesExceeded', 'KafkaJSGroupCoordinatorNotFound'];

/**
 * True when kafkajs gave up on something that may pass by itself: a broker away, a leader moving, a coordinator loading.
 * kafkajs wraps such an error in one that is not retriable, so the whole chain is searched.
 */
export const isTransient = (error: unknown): boolean =>
  accessProblem(error) !== undefined ||
  causesOf(error).some(
    (cause) =>
      ('retriable' in cause && cause.retriable === true) || ('name' in cause && USED_UP.includes(String(cause.name))),
  );

/** Kafka's names for the refusal of a batch. kafkajs would retry some of them again and again. */
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
  // A bit error on the way, or a fault of the broker: the same batch may be taken the next time.
  CORRUPT_MESSAGE: 'unsure',
  UNKNOWN: 'unsure',
  KAFKAJS_UNKNOWN_ERROR_CODE: 'unsure',
};
/** What kafkajs throws when it cannot even encode the batch. */
const UNWRITABLE = ['KafkaJSNonRetriableError', 'TypeError', 'RangeError'];

/** @returns undefined when Kafka is away, or when the fault is not in what was sent */
export function refusalOf(error: unknown): KafkaRefusal | undefined {
  for (const cause of causesOf(error)) {
    const code = 'type' in cause && typeof cause.type === 'string' ? cause.type : '';
    const of = REFUSALS[code];
    if (of) return { of, code };
  }
  const name = typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
  return UNWRITABLE.includes(name) ? { of: 'unsure', code: name } : undefined;
}

/** @returns what to check when Kafka refuses the user or the operation, or its certificate is not trusted; undefined for any other error */
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

/** kafkajs does not pass on what the brokers answered: a broker that starts and one that refuses the user look the same. */
const NO_COORDINATOR =
  'Kafka does not tell where a group is: it starts, or no ACL allows this user to look at the group';

/** @returns an error that Kafka is unavailable, with what to check where that is known */
export function unavailable(error: unknown): KafkaUnavailableError {
  const problem = accessProblem(error);
  if (problem !== undefined) return new KafkaAccessError(problem, { cause: error });
  const lost = causesOf(error).some((cause) => 'name' in cause && cause.name === 'KafkaJSGroupCoordinatorNotFound');
  return new KafkaUnavailableError(lost ? NO_COORDINATOR : 'Kafka is unavailable', { cause: error });
}

/** True when Kafka has no such topic or partition, as far as the asked broker knows. */
export const isUnknownTopic = (error: unknown): boolean =>
  causesOf(error).some((cause) => 'type' in cause && cause.type === 'UNKNOWN_TOPIC_OR_PARTITION');

/** True when the log has no such offset: it was cut, or is another. */
export const isOffsetOutOfRange = (error: unknown): boolean =>
  causesOf(error).some((cause) => 'type' in cause && cause.type === 'OFFSET_OUT_OF_RANGE');

/** The error itself; of anything else that was thrown, an error that says what it was. */
export const asError = (thrown: unknown): Error => {
  if (thrown instanceof Error) return thrown;
  return new Error(`not an Error was thrown: ${JSON.stringify(thrown)}`, { cause: thrown });
};
