import type { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { createClient } from './client.js';
import { isTransient, unavailable } from './errors.js';
import type { KafkaSecurity } from './security.js';

// kafkajs has these as enums, which Node finds only when asked for at run time.
const RESOURCE: Readonly<Record<Access['resource'], AclResourceTypes>> = { topic: 2, group: 3 };
const OPERATION: Readonly<Record<Access['operation'], AclOperationTypes>> = {
  read: 3,
  write: 4,
  describe: 8,
  describeConfigs: 10,
};
const ALLOW: AclPermissionTypes = 3;
const LITERAL: ResourcePatternTypes = 3;
const PREFIXED: ResourcePatternTypes = 4;

/** One thing that a principal may do. What is not listed is refused by Kafka. */
export interface Access {
  readonly principal: string;
  readonly resource: 'topic' | 'group';
  readonly name: string;
  /** Every name that begins so. */
  readonly prefix?: true;
  /** `read` and `write` each allow to `describe` it, too. `describeConfigs`: to ask how it is set, such as how large a message may be. */
  readonly operation: 'read' | 'write' | 'describe' | 'describeConfigs';
}

/**
 * Allows each principal what it needs. What is allowed already stays. Asked as one who may alter the cluster.
 * @throws KafkaUnavailableError, KafkaAccessError where it is another who asks
 */
export async function allow(
  brokers: readonly string[],
  access: readonly Access[],
  security?: KafkaSecurity,
): Promise<void> {
  const admin = createClient({ brokers, clientId: 'backstep-acls', security }).admin();
  try {
    await admin.connect();
    await admin.createAcls({
      acl: access.map(({ principal, resource, name, prefix, operation }) => ({
        resourceType: RESOURCE[resource],
        resourceName: name,
        resourcePatternType: prefix ? PREFIXED : LITERAL,
        principal: `User:${principal}`,
        host: '*',
        operation: OPERATION[operation],
        permissionType: ALLOW,
      })),
    });
  } catch (error) {
    throw isTransient(error) ? unavailable(error) : error;
  } finally {
    await admin.disconnect();
  }
}
