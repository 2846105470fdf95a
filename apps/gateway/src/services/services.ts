import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SERVICES, type ServiceName } from '@backstep/contracts';
import { CONFIG, Logger } from '@backstep/service';
import { urlSettingOf, type GatewayConfig } from '../config.js';
import { ServiceClient } from './service-client.js';

/** The clients of all services by name; those whose routes the gateway serves are properties too. */
@Injectable()
export class Services implements OnApplicationShutdown {
  private readonly clients: Readonly<Record<ServiceName, ServiceClient>>;
  readonly order: ServiceClient;
  readonly inventory: ServiceClient;
  readonly payment: ServiceClient;
  readonly shipment: ServiceClient;
  readonly orchestrator: ServiceClient;

  constructor(@Inject(CONFIG) config: GatewayConfig, @Inject(Logger) logger: Logger) {
    const token = config.SERVICE_TOKEN || config.OPERATOR_TOKEN;
    const client = (name: ServiceName) => new ServiceClient(name, config[urlSettingOf(name)], logger, token);
    this.clients = Object.fromEntries(SERVICES.map((name) => [name, client(name)])) as Record<
      ServiceName,
      ServiceClient
    >;
    ({
      order: this.order,
      inventory: this.inventory,
      payment: this.payment,
      shipment: this.shipment,
      orchestrator: this.orchestrator,
    } = this.clients);
  }

  named(name: ServiceName): ServiceClient {
    return this.clients[name];
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(Object.values(this.clients).map((client) => client.close()));
  }
}
