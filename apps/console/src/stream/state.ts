/**
 * `connecting`: for the first time, or again. `live`: what happens is told. `refused`: the gateway wants a token. `resting`: nobody looks, so
 * nothing is asked.
 */
export type StreamStatus = 'connecting' | 'live' | 'refused' | 'resting';

export interface StreamState {
  readonly status: StreamStatus;
  /** When the gateway was last heard, in ms since 1970. */
  readonly heardAt: number | undefined;
  /** Whether the gateway can read Kafka: without, nothing that happens is told. */
  readonly kafka: boolean;
}

export const NOT_CONNECTED: StreamState = { status: 'connecting', heardAt: undefined, kafka: true };

/** Whether what happens is told now: then nothing needs to be asked for again and again. */
export const isTelling = ({ status, kafka }: StreamState): boolean => status === 'live' && kafka;
