import { OptimisticLockError } from '@backstep/concurrency';
import { MESSAGING_LOGGER, type MessagingLogger } from '@backstep/messaging';
import {
  ENTITY_TAG,
  pageCursor,
  problemBody,
  ProblemError,
  problemOf,
  PROBLEMS,
  UUID_KEY,
  versionOf,
  zod,
} from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Body, Controller, Get, Headers, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import type { SagaRegistry } from '../definition/registry.js';
import { JudgedOperatorHandler, type OperateOutcome } from '../runtime/judged-operator.js';
import { PostgresSagaStore } from '../runtime/postgres-saga-store.js';
import { SagaOperatorHandler, type OperateRequest } from '../runtime/saga-operator.js';
import { operationAnswer } from './operation-view.js';
import { Action, askedBy, DryRun, loggedAs, Operator, Reason, type Headers as Given } from './operator-request.js';
import { asProblem } from './saga-problems.js';
import { sagaView, storedOperationView } from './saga-view.js';
import { REGISTRY, SUBJECT_FIELD } from './tokens.js';

/** Sagas that one request acts on. They share a batch of the unit of work. */
export const TARGETS_MAX = 100;

const CURSOR = pageCursor('operations', `(?:0|[1-9][0-9]{0,14})[.]${UUID_KEY}`);
const Page = z.strictObject({
  by: Operator.optional(),
  action: Action.optional(),
  subject: z.string().max(255).optional(),
  cursor: CURSOR.schema.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const WRONG_TAG = 'must be the ETag that it was read with, such as "v3"';
const Target = z.strictObject({
  sagaId: z.uuid(),
  // Its number may be larger than is exact: no version is.
  ifMatch: z.string().regex(ENTITY_TAG, WRONG_TAG).refine(isVersion, WRONG_TAG),
});
const Many = z.strictObject({
  action: Action,
  reason: Reason,
  targets: z
    .array(Target)
    .min(1)
    .max(TARGETS_MAX)
    .refine(
      (targets) => new Set(targets.map(({ sagaId }) => sagaId.toLowerCase())).size === targets.length,
      'must name each saga once',
    ),
});

/** What operators did to all sagas, and what they do to several at once. No guard, as for `SagasController`. */
@Controller('sagas/operations')
export class SagaOperationsController {
  private readonly handler: JudgedOperatorHandler;

  constructor(
    @Inject(REGISTRY) private readonly registry: SagaRegistry,
    @Inject(SUBJECT_FIELD) private readonly subjectField: string,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(PostgresSagaStore) private readonly store: PostgresSagaStore,
    @Inject(MESSAGING_LOGGER) private readonly logger: MessagingLogger,
  ) {
    this.handler = new JudgedOperatorHandler(new SagaOperatorHandler(registry));
  }

  @Get()
  async list(@Query(zod(Page)) { by, action, subject, cursor, limit }: z.output<typeof Page>) {
    const [at, id] = cursor?.split('.') ?? [];
    const { operations, isLast } = await this.store.operations({
      limit,
      ...(by !== undefined && { by }),
      ...(action && { action }),
      ...(subject !== undefined && { subject }),
      ...(at !== undefined && id !== undefined && { after: { at: Number(at), id } }),
    });
    const last = isLast ? undefined : operations.at(-1);
    return {
      items: operations.map(storedOperationView),
      nextCursor: last ? CURSOR.after(`${last.at}.${last.id}`) : null,
    };
  }

  /** Each by itself: what is refused of one keeps no other back. @throws ProblemError when none could be asked, such as while the database is away */
  @Post()
  @HttpCode(200)
  async operate(
    @Query(zod(DryRun)) { dryRun }: z.output<typeof DryRun>,
    @Body(zod(Many)) { action, reason, targets }: z.output<typeof Many>,
    @Headers() headers: Given,
  ) {
    const by = askedBy(headers);
    const requests = targets.map(({ sagaId, ifMatch }) => {
      const expectedVersion = versionOf(ifMatch) ?? 0;
      return { ...by, sagaId, action, reason, expectedVersion, dryRun: dryRun === 'true' };
    });
    const outcomes = await this.askAll(requests);
    const currents = await this.store.loadAll(
      outcomes.flatMap(({ refused }, at) => (refused instanceof OptimisticLockError ? [targets[at]!.sagaId] : [])),
    );
    const current = new Map(currents.map((saga) => [saga.instance.id, sagaView(saga, this.registry)]));
    const items = outcomes.map((outcome, at) => {
      const request = requests[at]!;
      const { sagaId } = request;
      if (outcome.refused) {
        const problem = this.problemOf(outcome.refused, sagaId, current.get(sagaId.toLowerCase()));
        return { sagaId, status: problem.status, replayed: false, operation: null, problem: problemBody(problem) };
      }
      const { answer } = outcome;
      if (!request.dryRun && !answer.replayed)
        this.logger.warn('an operator acted on a saga', loggedAs(request, answer, headers, this.subjectField));
      const operation = operationAnswer(action, request.dryRun, answer, this.registry);
      return { sagaId, status: 200, replayed: answer.replayed, operation, problem: null };
    });
    return { items };
  }

  /** All at once, so that they share a batch: one statement reads their rows, and one writes them. */
  private async askAll(requests: readonly OperateRequest[]): Promise<readonly OperateOutcome[]> {
    const asked = await Promise.allSettled(requests.map((request) => this.unitOfWork.request(this.handler, request)));
    const failures = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    if (failures.length === requests.length) throw failures[0];
    return asked.map((one) => (one.status === 'fulfilled' ? one.value : { refused: asError(one.reason) }));
  }

  private problemOf(refused: Error, sagaId: string, current: { readonly version: number } | undefined): ProblemError {
    const error = asProblem(refused, sagaId, current);
    const problem = error instanceof ProblemError ? error : problemOf(error);
    if (problem) return problem;
    this.logger.error('an operator could not act on a saga', { sagaId, error });
    return new ProblemError(PROBLEMS.internal, { cause: error });
  }
}

function isVersion(tag: string): boolean {
  try {
    return versionOf(tag) !== undefined;
  } catch {
    return false;
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
