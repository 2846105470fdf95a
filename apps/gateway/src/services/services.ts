import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SERVICES, type ServiceName } from '@backstep/contracts';
import { CONFIG, Logger } from '@backstep/service';
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
    const token = config.SERVICE_TOKEN || config.OPERATOR_TOKEN;
    const client = (name: ServiceName, url: string) => new ServiceClient(name, url, logger, token);
    this.order = client('order', config.ORDER_URL);
    this.inventory = client('inventory', config.INVENTORY_URL);
    this.payment = client('payment', config.PAYMENT_URL);
    this.shipment = client('shipment', config.SHIPMENT_URL);
    this.orchestrator = client('orchestrator', config.ORCHESTRATOR_URL);
  }

  named(name: ServiceName): ServiceClient {
    return this[name];
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(SERVICES.map((name) => this[name].close()));
  }
}
