export type { DeepPartial } from './partial-match.js';
export { given, SagaScriptError, type SagaScript } from './saga-script.js';
