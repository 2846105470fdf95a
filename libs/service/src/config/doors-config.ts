import { isLoopback } from '../loopback/index.js';
import type { Doors } from '../http/doors.js';
import { ConfigError } from './config.js';
import type { PlatformConfig } from './platform-config.js';

/**
 * The access rules of a service, from its configuration.
 * @throws ConfigError when it would listen beyond this machine without a token
 */
export function doorsOf(name: string, access: Doors['access'], config: PlatformConfig): Doors {
  const { HOST: host, OPERATOR_TOKEN: operatorToken, ALLOWED_HOSTS: allowedHosts, INSECURE } = config;
  const serviceToken = config.SERVICE_TOKEN || operatorToken;
  const shown = access === 'internal' ? serviceToken : operatorToken;
  if (!isLoopback(host) && shown === '' && INSECURE !== '1') {
    const tokens = access === 'internal' ? 'SERVICE_TOKEN or OPERATOR_TOKEN' : 'OPERATOR_TOKEN';
    throw new ConfigError([
      `HOST=${host} would open this service to the network, and anybody could use it: set ${tokens}, or INSECURE=1 to have it so`,
    ]);
  }
  return { name, host, access, allowedHosts, operatorToken, serviceToken };
}
