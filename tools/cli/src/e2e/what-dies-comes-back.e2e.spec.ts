import { shareSystem } from './shared-system.fixture.spec.js';
import { whenADependencyIsAway } from './when-a-dependency-is-away.chapter.spec.js';
import { PAUSABLE, whenAProcessDiesInAWindow } from './when-a-process-dies-in-a-window.chapter.spec.js';
import { whenTwoHundredOrdersComeAtOnce } from './when-two-hundred-orders-come-at-once.chapter.spec.js';
import { whenWritersRace } from './when-writers-race.chapter.spec.js';

/** Two instances for the first two chapters, of which the second kills one each; each window has one process that can stand in it. */
shareSystem({ instances: { orchestrator: 2, inventory: 2 }, environment: PAUSABLE });

whenWritersRace();
whenTwoHundredOrdersComeAtOnce();
whenAProcessDiesInAWindow();
whenADependencyIsAway();
