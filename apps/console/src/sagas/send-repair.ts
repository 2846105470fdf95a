import { send } from '../api/send.js';
import type { SagaAction } from '../api/types.js';

const PATHS = {
  retry: '/v1/sagas/{sagaId}/retry',
  skip: '/v1/sagas/{sagaId}/skip',
  compensate: '/v1/sagas/{sagaId}/compensate',
  abandon: '/v1/sagas/{sagaId}/abandon',
} as const satisfies Readonly<Record<SagaAction, string>>;

interface RepairRequest {
  readonly path: { readonly sagaId: string };
  readonly query?: { readonly dryRun: 'true' };
  readonly headers: { readonly 'If-Match': string; readonly 'X-Operator': string; readonly 'Idempotency-Key'?: string };
  readonly body: { readonly reason: string };
}

/** @throws ProblemError */
export const sendRepair = (action: SagaAction, request: RepairRequest, signal?: AbortSignal) =>
  send('post', PATHS[action], { ...request, ...(signal && { signal }) });
