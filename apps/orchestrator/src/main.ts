import { PROCESSES } from '@backstep/contracts/topology';
import { runService } from '@backstep/service';
import { ORCHESTRATOR_CONFIG } from './config.js';
import { OrchestratorModule } from './orchestrator.module.js';

await runService({
  name: 'orchestrator',
  defaultPort: PROCESSES.orchestrator.port,
  config: ORCHESTRATOR_CONFIG,
  module: OrchestratorModule,
});
