import { Handles } from '@backstep/unit-of-work';
import type { Type } from '@nestjs/common';
import type { SagaRegistry } from '../definition/registry.js';
import { SagaEventHandler } from '../runtime/saga-handlers.js';

/** The class that handles every event of every saga. */
export function eventsHandlerOf(registry: SagaRegistry): Type<SagaEventHandler> {
  @Handles(...registry.events)
  class SagaEventsHandler extends SagaEventHandler {
    constructor() {
      super(registry);
    }
  }
  return SagaEventsHandler;
}
