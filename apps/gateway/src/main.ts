import { PROCESSES } from '@backstep/contracts/topology';
import { runService } from '@backstep/service';
import { GATEWAY_CONFIG } from './config.js';
import { GatewayModule } from './gateway.module.js';

await runService({
  name: 'gateway',
  defaultPort: PROCESSES.gateway.port,
  config: GATEWAY_CONFIG,
  module: GatewayModule,
  access: 'public',
});
