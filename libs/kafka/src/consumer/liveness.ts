import { HEARTBEAT_INTERVAL_MS, SESSION_TIMEOUT_MS, UNANSWERED_HEARTBEATS_MAX } from './settings.js';

/** Heartbeat intervals since a sign of life. Counted, not timed: a frozen process cannot receive answers. */
class Silence {
  private beats = 0;

  /** @param beatsMax heartbeats that may pass without a sign of life */
  constructor(private readonly beatsMax: number) {}

  /** A sign of life, or a reason to expect none. */
  broken(): void {
    this.beats = 0;
  }

  /** One more heartbeat has passed. @returns whether it is one too many */
  goesOn(): boolean {
    return ++this.beats > this.beatsMax;
  }
}

/** Detects that Kafka, or the coordinator of the group, has been silent for too long. */
export class Liveness {
  /**
   * kafkajs can wait for ever without a word. It was seen to do so when it was to rejoin its group after its broker had been frozen (chaos
   * seed 415). So a consumer that has been silent for too long is replaced, whatever it waits for.
   */
  private readonly ofKafka: Silence;
  /**
   * kafkajs waits over a minute for a coordinator that neither answers nor refuses, because its machine is gone. Batches from other
   * brokers wait as long, and the group has expired our membership by then.
   */
  private readonly ofCoordinator = new Silence(UNANSWERED_HEARTBEATS_MAX);
  /**
   * kafkajs can go on fetching in no group: it was seen to do so after its process had been frozen twice, as its join was answered too late.
   * What it fetched was nobody's, and was fetched again. So a consumer that has been out of its group for too long is replaced.
   */
  private readonly ofGroup: Silence;
  private wasMember = false;
  /** kafkajs has begun to rejoin and is not done. Other answers that it gets meanwhile (to an offset commit) are no sign of life. */
  private rejoining = false;

  constructor(private readonly silenceTimeoutMs: number) {
    this.ofKafka = new Silence(silenceTimeoutMs / HEARTBEAT_INTERVAL_MS);
    this.ofGroup = new Silence(silenceTimeoutMs / HEARTBEAT_INTERVAL_MS);
  }

  rebalancing(): void {
    this.rejoining = true;
  }

  joined(): void {
    this.rejoining = false;
    this.wasMember = true;
  }

  requestAnswered(): void {
    if (!this.rejoining) this.ofKafka.broken();
  }

  heartbeatAnswered(): void {
    this.ofCoordinator.broken();
  }

  /**
   * Called every `HEARTBEAT_INTERVAL_MS`.
   * @param quiet nothing is to be heard from Kafka now: a batch is handled, or the consumer is closed
   * @param member heartbeats are to be answered now
   * @returns what was silent for too long
   */
  beat({ quiet, member }: { readonly quiet: boolean; readonly member: boolean }): string | undefined {
    if (quiet) this.ofKafka.broken();
    if (this.ofKafka.goesOn()) return `nothing was heard from Kafka for ${this.silenceTimeoutMs} ms`;
    if (member || quiet || !this.wasMember) this.ofGroup.broken();
    else if (this.ofGroup.goesOn()) return `it was in no group for ${this.silenceTimeoutMs} ms`;
    if (!member || this.rejoining) this.ofCoordinator.broken();
    else if (this.ofCoordinator.goesOn()) return `no heartbeat was answered for ${SESSION_TIMEOUT_MS} ms`;
    return undefined;
  }
}
