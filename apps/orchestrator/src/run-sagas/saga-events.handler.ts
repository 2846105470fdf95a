import { Handles } from '@backstep/unit-of-work';
import { SagaEventHandler } from '@backstep/saga';
import { SAGAS } from '../sagas.js';

/** Every event of every saga comes here: the definition's table says what follows. */
@Handles(...SAGAS.events)
export class SagaEventsHandler extends SagaEventHandler {
  constructor() {
    super(SAGAS);
  }
}
