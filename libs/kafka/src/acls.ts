import type { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { createClient } from './client.js';
import { isTransient, unavailable } from './errors.js';
import type { KafkaSecurity } from './security.js';

// kafkajs is CommonJS and exports these as enums that an ESM import by name does not find.
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

/** One thing that a principal may do. Kafka refuses whatever is not listed. */
export interface Access {
  readonly principal: string;
  readonly resource: 'topic' | 'group';
  readonly name: string;
  /** True: every name that begins with `name`. */
  readonly prefix?: true;
  /** `read` and `write` each include `describe`. `describeConfigs` allows to read its settings, such as how large a message may be. */
  readonly operation: 'read' | 'write' | 'describe' | 'describeConfigs';
}

/**
 * Adds ACLs that allow each principal what it needs. Existing ACLs stay. The client must be allowed to alter the cluster.
 * @throws KafkaUnavailableError, KafkaAccessError when the client is not allowed to
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
