import { DEFAULT_PARTITIONS, GroupPositions } from '@backstep/kafka';
import type { Database } from '../database.js';
import type { MessagingLogger } from '../host.js';
import type { Messaging } from '../messaging.js';
import type { MessagingRuntime, ServiceDeclaration } from '../messaging-options.js';
import { Evidence } from './evidence.js';
import { GroupStanding } from './group-standing.js';

/** Where the group of a service stands. @param topics that it reads */
export const groupStandingOf = (
  { service, groupId = service }: Pick<ServiceDeclaration, 'service' | 'groupId'>,
  topics: readonly string[],
  kafka: MessagingRuntime['kafka'],
  logger: MessagingLogger,
): GroupStanding => new GroupStanding(new GroupPositions({ ...kafka, clientId: service, logger }, groupId), topics);

/** The evidence of a service. */
export const evidenceOf = (
  { partitions = DEFAULT_PARTITIONS, evidence: declared = {} }: Pick<ServiceDeclaration, 'partitions' | 'evidence'>,
  { dataSource }: Pick<Database, 'dataSource'>,
  { dropped }: Pick<Messaging, 'dropped'>,
  group: GroupStanding,
): Evidence => new Evidence({ dataSource, declared, dropped, group, partitions });
