import { runService } from '@backstep/service';
import { GATEWAY_CONFIG } from './config.js';
import { GatewayModule } from './gateway.module.js';

await runService({
  name: 'gateway',
  defaultPort: 3000,
  config: GATEWAY_CONFIG,
  module: GatewayModule,
  access: 'public',
});
