import { PROCESSES } from '@backstep/contracts/topology';
import type { ServiceOptions } from '@backstep/service';
import { ORCHESTRATOR_CONFIG } from './config.js';
import { OrchestratorModule } from './orchestrator.module.js';

/** The orchestrator, as a process of its own (`main.ts`) and a host of several services run it. */
export const SERVICE: ServiceOptions<typeof ORCHESTRATOR_CONFIG> = {
  name: 'orchestrator',
  defaultPort: PROCESSES.orchestrator.port,
  config: ORCHESTRATOR_CONFIG,
  module: OrchestratorModule,
};
