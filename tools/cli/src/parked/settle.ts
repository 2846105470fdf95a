import { userInfo } from 'node:os';
import { Api } from '../shared/api.js';
import { UsageError } from '../shared/exit-codes.js';
import { fullId } from '../shared/full-id.js';
import { paint, print, printJson } from '../shared/output.js';
import type { ParkedMessage } from '../shared/representations.js';
import { gatewayOf, type CommonOptions } from '../shared/where.js';
import { idOf } from '../shared/whose-id.js';
import { settledText, type ParkedOperation } from './render-settled.js';

export type SettleAction = 'replay' | 'discard';

export interface SettleOptions extends CommonOptions {
  readonly service?: string;
  readonly reason?: string;
  readonly dryRun?: true;
  readonly by?: string;
  readonly ifVersion?: number;
}

/** Does it, or shows what it would do. Without `--if-version` it acts on the message as it is at this moment. */
export async function settle(given: string, action: SettleAction, options: SettleOptions): Promise<void> {
  const { service, reason, dryRun, by = userInfo().username, ifVersion, ...where } = options;
  // A dry run keeps nothing, so nobody needs to say why.
  const why = reason ?? (dryRun && 'dry run');
  if (why === undefined) throw new UsageError(`--reason is needed: the service keeps why you ${action} it.`);
  const api = new Api(await gatewayOf(where));
  const id = await fullId(api, 'parked message', given);
  const read = () => api.get<ParkedMessage>(`/v1/parked/${id}`, { service });
  const version = ifVersion ?? (await idOf(api, 'parked message', id, read)).version;
  const { body } = await api.request<ParkedOperation>('POST', `/v1/parked/${id}/${action}`, {
    query: { service, dryRun: dryRun && 'true' },
    headers: { 'if-match': `"v${version}"`, 'x-operator': by },
    body: { reason: why },
  });
  if (where.json) printJson(body);
  else print(settledText(body, paint));
}
