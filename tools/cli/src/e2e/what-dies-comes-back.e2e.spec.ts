import { afterAll } from '@jest/globals';
import { shareSystem } from './shared-system.fixture.spec.js';
import { whenAGatewayDiesInTheMiddle } from './when-a-gateway-dies-in-the-middle.chapter.spec.js';
import { whenAChangeIsKilled } from './when-a-change-is-killed.chapter.spec.js';
import { whenADependencyIsAway } from './when-a-dependency-is-away.chapter.spec.js';
import { whenAFlashSaleIsHeld } from './when-a-flash-sale-is-held.chapter.spec.js';
import { whenAnOrderIsCancelled } from './when-an-order-is-cancelled.chapter.spec.js';
import { whenAProfileIsEdited } from './when-a-profile-is-edited.chapter.spec.js';
import { whenAllWantOneRow, whenNobodyWantsItAnyMore } from './when-all-want-one-row.chapter.spec.js';
import { whenAnOrderIsRevised } from './when-an-order-is-revised.chapter.spec.js';
import { whenAProcessDiesInAWindow } from './when-a-process-dies-in-a-window.chapter.spec.js';
import { whenTheProviderTellsUnasked } from './when-the-provider-tells-unasked.chapter.spec.js';
import { whenTwoHundredOrdersComeAtOnce } from './when-two-hundred-orders-come-at-once.chapter.spec.js';
import { whenWritersRace } from './when-writers-race.chapter.spec.js';
import { PAUSABLE, removePauseDir } from './windows.fixture.spec.js';

/** Two instances for the first chapters, four of which kill one; each window has one process that can stand in it. */
shareSystem({ instances: { gateway: 2, orchestrator: 2, inventory: 2 }, environment: PAUSABLE });

whenAllWantOneRow();
whenWritersRace();
whenAGatewayDiesInTheMiddle();
whenAFlashSaleIsHeld();
whenAProfileIsEdited();
whenNobodyWantsItAnyMore();
whenAnOrderIsCancelled();
whenAnOrderIsRevised();
whenTheProviderTellsUnasked();
whenTwoHundredOrdersComeAtOnce();
whenAProcessDiesInAWindow();
whenAChangeIsKilled();
whenADependencyIsAway();

afterAll(removePauseDir);
