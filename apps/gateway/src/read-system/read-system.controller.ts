import { Controller, Inject } from '@nestjs/common';
import { SERVICES, type ServiceName } from '@backstep/contracts';
import { type SagaDefinitionView, SagaDefinitionViews } from '@backstep/contracts/http';
import { COUNTRIES_NOT_SERVED, TEST_CARDS } from '@backstep/contracts/stand-ins';
import { CONFIG, HealthRegistry, Logger, loggable, type RequestContext } from '@backstep/service';
import type { z } from 'zod';
import type { InputOf } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { API_VERSION } from '../api/version.js';
import type { GatewayConfig } from '../config.js';
import { OPERATIONS } from '../operations.js';
import { ReadinessView, type System, type SystemService } from '../representations/system.js';
import type { ServiceRequest } from '../services/service-client.js';
import { Services } from '../services/services.js';
import { readContention } from '../read-contention/read-contention.controller.js';
import { readSystem } from './read-system.js';

/** How long a service may take to say how it is, milliseconds: its own checks take a second at most. */
const ANSWER_MS = 1_500;
/** A service that is not ready answers this, and says why. */
const NOT_READY = 503;

const TEST_CARDS_SHOWN: System['testCards'] = Object.entries(TEST_CARDS).map(([id, card]) => ({
  id,
  does: card.does,
  charge: card.declined ? 'declined' : 'approved',
  refund: card.refundsByHandOnly ? 'refused' : 'made',
}));

const NOT_SERVED = Object.entries(COUNTRIES_NOT_SERVED).map(([country, because]) => ({ country, because }));

@Controller()
export class ReadSystemController {
  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(HealthRegistry) private readonly health: HealthRegistry,
    @Inject(Services) private readonly services: Services,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  @Route(readSystem)
  async read(@Input(readSystem) { context }: InputOf<typeof readSystem>): Promise<System> {
    const { NODE_ENV: environment, REVISION: revision, BACKSTEP_CONTROL: control } = this.config;
    const [own, definitions, ...others] = await Promise.all([
      this.health.readiness(),
      this.definitions(context),
      ...SERVICES.map((name) => this.stateOf(context, name)),
    ]);
    return {
      version: API_VERSION,
      revision: revision === '' ? null : revision,
      mode: environment === 'production' ? 'production' : 'development',
      capabilities: {
        faults: control !== '',
        doctor: control !== '',
        contention: OPERATIONS.includes(readContention),
      },
      services: [{ name: 'gateway', status: own.status, checks: own.checks }, ...others],
      definitions,
      testCards: TEST_CARDS_SHOWN,
      notServed: NOT_SERVED,
    };
  }

  private async stateOf(context: RequestContext, name: ServiceName): Promise<SystemService> {
    const asked = { path: '/health/ready', answer: ReadinessView, alsoAnswers: [NOT_READY] };
    const said = await this.from(context, name, asked);
    return { name, status: said?.status ?? 'unreachable', checks: said?.checks ?? {} };
  }

  private async definitions(context: RequestContext): Promise<SagaDefinitionView[] | null> {
    const asked = { path: '/sagas/definitions', answer: SagaDefinitionViews };
    return (await this.from(context, 'orchestrator', asked))?.items ?? null;
  }

  /** Whatever is wrong with it, the service does not say it: the others are shown all the same. */
  private async from<Answer extends z.ZodType>(
    context: RequestContext,
    service: ServiceName,
    asked: ServiceRequest<Answer>,
  ): Promise<z.output<Answer> | undefined> {
    try {
      return (await this.services.named(service).request(context, { ...asked, answerMs: ANSWER_MS })).body;
    } catch (error) {
      const { path } = asked;
      this.logger.debug('a service did not say how it is', { ...loggable(context), service, path, error });
      return undefined;
    }
  }
}
