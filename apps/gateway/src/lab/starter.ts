import { controlAddressOf } from '@backstep/contracts/http';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, Logger } from '@backstep/service';
import type { GatewayConfig } from '../config.js';
import { ServiceClient } from '../services/service-client.js';

/** Whoever has started the services, and tells of itself by BACKSTEP_CONTROL. It is not one of them: nothing else asks it. */
@Injectable()
export class Starter implements OnApplicationShutdown {
  readonly client: ServiceClient;

  constructor(@Inject(CONFIG) { BACKSTEP_CONTROL: told }: GatewayConfig, @Inject(Logger) logger: Logger) {
    const address = controlAddressOf(told);
    if (!address) throw new Error('BACKSTEP_CONTROL is not what `npm start` has made');
    const { secret, at } = address;
    const url = `http://127.0.0.1${'port' in at ? `:${at.port}` : ''}`;
    this.client = new ServiceClient('starter', url, logger, secret, 'socketPath' in at ? at.socketPath : undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}
