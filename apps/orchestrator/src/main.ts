import { runService } from '@backstep/service';
import { ORCHESTRATOR_CONFIG } from './config.js';
import { OrchestratorModule } from './orchestrator.module.js';

await runService({
  name: 'orchestrator',
  defaultPort: 3005,
  config: ORCHESTRATOR_CONFIG,
  module: OrchestratorModule,
});
