import type { OperatorAction } from '../decide/instance.js';
import type { SagaRegistry } from '../definition/registry.js';
import type { OperateAnswer } from '../runtime/saga-operator.js';
import { sagaView } from './saga-view.js';

/** What an operator's action did, or of a dry run would do. */
export const operationAnswer = (
  action: OperatorAction,
  dryRun: boolean,
  { before, after, commands }: OperateAnswer,
  registry: SagaRegistry,
) => ({
  action,
  dryRun,
  transition: { from: before.instance.status, to: after.instance.status },
  commands,
  saga: sagaView(after, registry),
});
