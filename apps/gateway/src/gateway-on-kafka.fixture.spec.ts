import { SERVICES, type ServiceName } from '@backstep/contracts';
import { createApp, createLogger, loadConfig, platformConfig, type PlatformApp } from '@backstep/service';
import { GATEWAY_CONFIG } from './config.js';
import { GatewayModule } from './gateway.module.js';

const NOWHERE = 'http://127.0.0.1:1';

/**
 * A gateway on a free port. Whoever starts it closes it.
 * @param kafka its brokers, with commas between
 * @param urlOf where each service is; default: nowhere
 * @returns the gateway, and its address
 */
export async function startGateway(
  kafka: string,
  urlOf: (service: ServiceName) => string = () => NOWHERE,
): Promise<[PlatformApp, string]> {
  const urls = SERVICES.map((name) => [`${name.toUpperCase()}_URL`, urlOf(name)]);
  const settings = { ...Object.fromEntries(urls), KAFKA_BROKERS: kafka };
  const config = loadConfig({ ...platformConfig(0), ...GATEWAY_CONFIG }, settings);
  const logger = createLogger({ service: 'gateway', level: 'error', destination: { write: () => true } });
  const platform = await createApp({ name: 'gateway', module: GatewayModule, config, logger });
  await platform.app.listen(0, '127.0.0.1');
  return [platform, await platform.app.getUrl()];
}
