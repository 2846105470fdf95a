import { OptimisticLockError } from '@backstep/concurrency';
import { MESSAGING_LOGGER, type MessagingLogger } from '@backstep/messaging';
import { entityTag, ProblemError, PROBLEMS, versionOf, zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { z } from 'zod';
import { SAGA_STATUSES } from '../decide/instance.js';
import type { SagaRegistry } from '../definition/registry.js';
import { PostgresSagaStore } from '../runtime/postgres-saga-store.js';
import { SagaOperatorHandler, type OperateAnswer, type OperateRequest } from '../runtime/saga-operator.js';
import { operationAnswer } from './operation-view.js';
import { Action, askedBy, DryRun, loggedAs, Reason, type Headers as Given } from './operator-request.js';
import { definitionView } from './definition-view.js';
import { countUnended, type SagaCounts } from './saga-counts.js';
import { asProblem, pageProblem } from './saga-problems.js';
import { sagaSummary, sagaView } from './saga-view.js';
import { REGISTRY, SUBJECT_FIELD } from './tokens.js';

/** Subjects whose sagas are listed together. */
const SUBJECTS_MAX = 100;
const Subject = z.string().max(255);

const Page = z.strictObject({
  state: z.enum(SAGA_STATUSES).optional(),
  type: z.string().max(100).optional(),
  /** Once for each of them. */
  subject: z.union([Subject, z.array(Subject).max(SUBJECTS_MAX)]).optional(),
  /** Times of their beginning: at `from` or later, and before `to`. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  waitsFor: z.literal('operator').optional(),
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const Why = z.strictObject({ reason: Reason });

/** What the replies of Express and Fastify have in common. */
interface Reply {
  header(name: string, value: string): unknown;
}

/**
 * Shows sagas, and takes the actions of operators. Every action names its operator, a reason and the version of the saga that it is meant for.
 * These routes have no guard: the application that serves them must add one.
 */
@Controller('sagas')
export class SagasController {
  private readonly handler: SagaOperatorHandler;

  constructor(
    @Inject(REGISTRY) private readonly registry: SagaRegistry,
    @Inject(SUBJECT_FIELD) private readonly subjectField: string,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(PostgresSagaStore) private readonly store: PostgresSagaStore,
    @Inject(MESSAGING_LOGGER) private readonly logger: MessagingLogger,
  ) {
    this.handler = new SagaOperatorHandler(registry);
  }

  @Get()
  async list(@Query(zod(Page)) { state, type, subject, from, to, waitsFor, cursor, limit }: z.output<typeof Page>) {
    const query = {
      limit,
      ...(state && { status: state }),
      ...(type !== undefined && { name: type }),
      ...(subject !== undefined && { subject }),
      ...(from !== undefined && { startedFrom: Date.parse(from) }),
      ...(to !== undefined && { startedBefore: Date.parse(to) }),
      ...(waitsFor && { waitingAmong: this.registry.definitions.map(({ name, version }) => `${name}@${version}`) }),
      ...(cursor !== undefined && { cursor }),
    };
    const { sagas, next } = await this.store.list(query).catch((error: unknown) => {
      throw pageProblem(error);
    });
    return { items: sagas.map((saga) => sagaSummary(saga, this.registry)), nextCursor: next ?? null };
  }

  /** Every version that is registered. */
  @Get('definitions')
  definitions() {
    return { items: this.registry.definitions.map(definitionView) };
  }

  /** Of those that have not ended. */
  @Get('counts')
  counts(): Promise<SagaCounts> {
    return countUnended(this.store, this.registry);
  }

  @Get(':id')
  async read(@Param('id', zod(z.uuid())) id: string) {
    const saga = await this.store.load(id);
    if (!saga) throw new ProblemError(PROBLEMS.notFound, { detail: `There is no saga ${id}.` });
    return sagaView(saga, this.registry);
  }

  @Post(':id/:action')
  @HttpCode(200)
  async operate(
    @Param('id', zod(z.uuid())) sagaId: string,
    @Param('action', zod(Action)) action: z.output<typeof Action>,
    @Query(zod(DryRun)) { dryRun }: z.output<typeof DryRun>,
    @Body(zod(Why)) { reason }: z.output<typeof Why>,
    @Headers() headers: Given,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const by = askedBy(headers);
    const expectedVersion = versionOf(headers['if-match']);
    if (expectedVersion === undefined) throw new ProblemError(PROBLEMS.preconditionRequired);
    const request = { ...by, sagaId, action, reason, expectedVersion, dryRun: dryRun === 'true' };
    const answer = await this.ask(request);
    if (answer.replayed) void reply.header('idempotency-replayed', 'true');
    void reply.header('etag', entityTag((request.dryRun ? answer.before : answer.after).version));
    if (!request.dryRun && !answer.replayed)
      this.logger.warn('an operator acted on a saga', loggedAs(request, answer, headers, this.subjectField));
    return operationAnswer(action, request.dryRun, answer, this.registry);
  }

  private async ask(request: OperateRequest): Promise<OperateAnswer> {
    try {
      return await this.unitOfWork.request(this.handler, request);
    } catch (error) {
      const current = error instanceof OptimisticLockError ? await this.store.load(request.sagaId) : undefined;
      throw asProblem(error, request.sagaId, current && sagaView(current, this.registry));
    }
  }
}
