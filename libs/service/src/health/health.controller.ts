import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { PlatformConfig } from '../config/platform-config.js';
import { CONFIG } from '../config/token.js';
import { HealthRegistry, type Readiness } from './health-registry.js';

@Controller('health')
export class HealthController {
  constructor(
    @Inject(HealthRegistry) private readonly health: HealthRegistry,
    @Inject(CONFIG) private readonly config: PlatformConfig,
  ) {}

  /** Says only that the process runs and its event loop turns: a database that is away is no reason to kill the process. */
  @Get('live')
  @Header('cache-control', 'no-store')
  live(): { readonly status: 'ok'; readonly instance?: string } {
    const { INSTANCE_ID: instance } = this.config;
    return { status: 'ok', ...(instance && { instance }) };
  }

  @Get('ready')
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.health.readiness();
    void reply.status(readiness.status === 'ok' ? 200 : 503);
    return readiness;
  }
}
