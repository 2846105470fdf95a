export { differences, type DeepPartial } from './partial-match.js';
export { given, SagaScriptError, type SagaScript } from './saga-script.js';
export { sampleOf } from './sample.js';
