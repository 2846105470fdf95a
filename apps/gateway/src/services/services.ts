import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SERVICES, type ServiceName } from '@backstep/contracts';
import { CONFIG, Logger } from '@backstep/platform';
import type { GatewayConfig } from '../config.js';
import { ServiceClient } from './service-client.js';

/** The services behind the gateway, by name. */
@Injectable()
export class Services implements OnApplicationShutdown {
  readonly order: ServiceClient;
  readonly inventory: ServiceClient;
  readonly payment: ServiceClient;
  readonly shipment: ServiceClient;
  readonly orchestrator: ServiceClient;

  constructor(@Inject(CONFIG) config: GatewayConfig, @Inject(Logger) logger: Logger) {
    this.order = new ServiceClient('order', config.ORDER_URL, logger);
    this.inventory = new ServiceClient('inventory', config.INVENTORY_URL, logger);
    this.payment = new ServiceClient('payment', config.PAYMENT_URL, logger);
    this.shipment = new ServiceClient('shipment', config.SHIPMENT_URL, logger);
    this.orchestrator = new ServiceClient('orchestrator', config.ORCHESTRATOR_URL, logger);
  }

  named(name: ServiceName): ServiceClient {
    return this[name];
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(SERVICES.map((name) => this[name].close()));
  }
}
