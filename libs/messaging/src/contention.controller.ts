import { Controller, Get, Header, Inject } from '@nestjs/common';
import type { ContentionBody, ContentionHealth } from './contention-body.js';
import { Messaging } from './messaging.js';

/** Says how much this service's writes lose to each other, all instances together. */
@Controller()
export class ContentionController {
  constructor(@Inject(Messaging) private readonly messaging: Messaging) {}

  @Get('contention')
  @Header('cache-control', 'no-store')
  contention(): Promise<ContentionBody> {
    return this.messaging.contention();
  }

  /** Always 200: taking a contended instance away would leave its load to the others, which fight for the same rows. */
  @Get('health/contention')
  @Header('cache-control', 'no-store')
  async health(): Promise<ContentionHealth> {
    const { status, attempts, ratio } = await this.messaging.contention();
    return { status, attempts, ratio };
  }
}
