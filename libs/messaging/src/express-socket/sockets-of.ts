import { DEFAULT_PARTITIONS, GroupMembers, partitionOf, type KafkaOptions } from '@backstep/kafka';
import type { ServiceDeclaration } from '../messaging-options.js';
import { ExpressSockets, type ExpressSocketOptions } from './express-sockets.js';
import { groupsOfOthers, writersOf } from './groups.js';

/**
 * The sockets of a service, which do not listen yet; undefined without options.
 * @throws Error when the groups of other services cannot be told from that of this one
 */
export function socketsOf(
  { service, groupId = service, catalogue, partitions = DEFAULT_PARTITIONS }: ServiceDeclaration,
  options: ExpressSocketOptions | undefined,
  kafka: KafkaOptions,
): ExpressSockets | undefined {
  if (!options) return undefined;
  return new ExpressSockets(options, {
    service,
    logger: kafka.logger,
    groups: groupsOfOthers(service, groupId, catalogue),
    members: new GroupMembers(kafka),
    mayWrite: writersOf(catalogue),
    shardOf: (key) => partitionOf(key, partitions),
  });
}
