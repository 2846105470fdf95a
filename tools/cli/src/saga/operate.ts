import { userInfo } from 'node:os';
import { Api } from '../shared/api.js';
import { UsageError } from '../shared/exit-codes.js';
import { fullId } from '../shared/full-id.js';
import { paint, print, printJson } from '../shared/output.js';
import { gatewayOf, type CommonOptions } from '../shared/where.js';
import { idOf } from '../shared/whose-id.js';
import type { Action, OperableSaga, OperationAnswer } from './operable-saga.js';
import { operationText } from './render-operation.js';

export interface OperateOptions extends CommonOptions {
  readonly reason?: string;
  readonly dryRun?: true;
  readonly by?: string;
  readonly ifVersion?: number;
}

/** Does it, or shows what it would do. Without `--if-version` it acts on the saga as it is at this moment. */
export async function operate(given: string, action: Action, options: OperateOptions): Promise<void> {
  const { reason, dryRun, by = userInfo().username, ifVersion, ...where } = options;
  // A dry run keeps nothing, so nobody needs to say why.
  const why = reason ?? (dryRun && 'dry run');
  if (why === undefined) throw new UsageError(`--reason is needed: it is kept with the saga why you ${action} it.`);
  const api = new Api(await gatewayOf(where));
  const id = await fullId(api, 'saga', given);
  const read = () => api.get<OperableSaga>(`/v1/sagas/${id}`);
  const version = ifVersion ?? (await idOf(api, 'saga', id, read)).version;
  const { body } = await api.request<OperationAnswer>('POST', `/v1/sagas/${id}/${action}`, {
    query: { dryRun: dryRun && 'true' },
    headers: { 'if-match': `"v${version}"`, 'x-operator': by },
    body: { reason: why },
  });
  if (where.json) printJson(body);
  else print(operationText(body, paint));
}
