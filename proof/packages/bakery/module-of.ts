import type { Type } from '@nestjs/common';
import { OrchestratorModule } from './orchestrator.module.js';
import { OvenModule } from './oven.module.js';

/** One process is one service. */
export const moduleOf = (role: string | undefined): Type => (role === 'orchestrator' ? OrchestratorModule : OvenModule);
