import { Controller, Inject } from '@nestjs/common';
import type { SagaView } from '@backstep/contracts/http';
import { z } from 'zod';
import type { InputOf } from '../api/operation.js';
import { Problem } from '../api/problem.js';
import { Input, Route } from '../api/route.js';
import { OperationView, toOperation } from '../operate-saga/operate-saga.controller.js';
import { toSaga } from '../representations/saga.js';
import { Services } from '../services/services.js';
import { OperatedSagas, operateSagas } from './operate-sagas.js';

const OperatedSagasView = z.object({
  items: z.array(
    z.object({
      sagaId: z.uuid(),
      status: z.int(),
      replayed: z.boolean(),
      operation: OperationView.nullable(),
      problem: Problem.nullable(),
    }),
  ),
});

@Controller()
export class OperateSagasController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(operateSagas)
  async operate(
    @Input(operateSagas) { query, headers, body, context }: InputOf<typeof operateSagas>,
  ): Promise<OperatedSagas> {
    const { body: answer } = await this.services.orchestrator.request(context, {
      answer: OperatedSagasView,
      method: 'POST',
      path: '/sagas/operations',
      query,
      headers: { 'x-operator': headers['X-Operator'], 'idempotency-key': headers['Idempotency-Key'] },
      body,
    });
    const items = answer.items.map(({ sagaId, status, replayed, operation, problem }) => ({
      sagaId,
      status,
      replayed,
      operation: operation && toOperation(operation),
      problem: problem && withPublicCurrent(problem),
    }));
    return { items };
  }
}

/** A refusal for a stale version carries the current saga, as the orchestrator answers it. */
const withPublicCurrent = (problem: Problem): Problem =>
  problem.current === undefined ? problem : { ...problem, current: toSaga(problem.current as unknown as SagaView) };
