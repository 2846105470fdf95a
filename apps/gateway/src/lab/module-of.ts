import type { DynamicModule, Type } from '@nestjs/common';
import type { GatewayConfig } from '../config.js';
import { GatewayModule } from '../gateway.module.js';
import { LabController } from './lab.controller.js';
import { Starter } from './starter.js';

/** The gateway, with the lab where it was told of a control socket: without, no route of the lab is there. */
export const moduleOf = ({ BACKSTEP_CONTROL: told }: Pick<GatewayConfig, 'BACKSTEP_CONTROL'>): Type | DynamicModule =>
  told === '' ? GatewayModule : { module: GatewayModule, controllers: [LabController], providers: [Starter] };
