import { backoffMs } from '@backstep/resilience';
import type { Broker } from 'kafkajs';
import { isTransient } from '../errors.js';
import { SILENT, type KafkaLogger } from '../options.js';
import { delay } from '../time.js';
import { BACKOFF, LEAVE_ATTEMPTS } from './settings.js';

/** What a member is to the group: its name there, and the shards it held last. */
export interface Membership {
  readonly memberId: string;
  readonly shards: readonly number[];
}

/** Public in kafkajs's Broker, missing in its types. */
type Coordinator = Broker & { leaveGroup(member: { groupId: string; memberId: string }): Promise<unknown> };

/** A member whose connection broke is still in the group. Unless it leaves, a join waits until its session has expired. Never throws. */
export async function leaveAsFormer(
  { memberId }: Membership,
  coordinator: Broker,
  { groupId, logger = SILENT }: { readonly groupId: string; readonly logger?: KafkaLogger },
  ended: AbortSignal,
): Promise<void> {
  for (let attempt = 0; attempt < LEAVE_ATTEMPTS && !ended.aborted; attempt++) {
    try {
      await (coordinator as Coordinator).leaveGroup({ groupId, memberId });
      return;
    } catch (error) {
      logger.debug('the former membership could not be ended', { error });
      // Any error but that of a coordinator that is still loading means that the group no longer knows the member.
      if (!isTransient(error)) return;
    }
    await delay(backoffMs(BACKOFF, attempt), ended);
  }
}
