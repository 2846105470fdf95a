import { send } from '../api/send.js';
import type { Service, SettleAction } from '../api/types.js';

const PATHS = {
  replay: '/v1/parked/{messageId}/replay',
  discard: '/v1/parked/{messageId}/discard',
} as const satisfies Readonly<Record<SettleAction, string>>;

interface SettleRequest {
  readonly path: { readonly messageId: string };
  readonly query: { readonly service: Service; readonly dryRun?: 'true' };
  readonly headers: {
    readonly 'If-Match': string;
    readonly 'X-Operator': string;
    readonly 'Idempotency-Key'?: string;
  };
  readonly body: { readonly reason: string };
}

/** @throws ProblemError */
export const sendSettle = (action: SettleAction, request: SettleRequest, signal?: AbortSignal) =>
  send('post', PATHS[action], { ...request, ...(signal && { signal }) });
