import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Standing, type StandingBody } from './standing.js';

/** Says how much of this service's work is left. */
@Controller('standing')
export class StandingController {
  constructor(@Inject(Standing) private readonly standing: Standing) {}

  @Get()
  @Header('cache-control', 'no-store')
  read(): Promise<StandingBody> {
    return this.standing.now();
  }
}
