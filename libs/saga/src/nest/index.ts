export { definitionView } from './definition-view.js';
export { SagaModule } from './saga.module.js';
export type { AsyncSagaModuleOptions, SagaModuleOptions, SagaParts, SagaSettings } from './saga-options.js';
export { sagaSummary, sagaView } from './saga-view.js';
