import type { OutboxMessage } from '@backstep/outbox';
import type { ExpressLane, ExpressLanes, Taken } from '@backstep/unit-of-work';
import type { NumberedMessage } from './frames.js';

/**
 * One connection, in front of the lanes of the reader. A message goes into its lane by express only when all that the same sender committed to the
 * topic and shard before came over this connection. Otherwise it goes by Kafka alone, and what follows waits in the lane until Kafka has brought it:
 * then Kafka has brought all that this sender committed before, since it sends in the order of its commits.
 *
 * A lane that was made anew (the shard has come here) and a message that the lane did not keep count as a gap, too.
 */
export class Gate {
  /** The number that follows without a gap; none while a gap is open. */
  private readonly next = new WeakMap<ExpressLane<OutboxMessage>, number>();

  constructor(private readonly lanes: Pick<ExpressLanes, 'laneOf' | 'handles'>) {}

  take({ number, message }: NumberedMessage): Taken {
    const lane = this.lanes.laneOf(message.topic, message.shard);
    if (!lane) return 'not-here';
    const isNext = this.next.get(lane) === number;
    if (!this.lanes.handles(message)) {
      // Nobody here waits for it.
      if (isNext) this.next.set(lane, number + 1);
      return 'handed-over';
    }
    let taken: Taken = 'waits-for-kafka';
    if (isNext) taken = lane.offer(message);
    else lane.skip(message.id);
    if (taken === 'handed-over' || lane.knows(message.id)) this.next.set(lane, number + 1);
    else this.next.delete(lane);
    return taken;
  }
}
