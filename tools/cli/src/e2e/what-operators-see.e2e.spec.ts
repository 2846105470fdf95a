import { shareSystem } from './shared-system.fixture.spec.js';
import { whenAMessageIsPoisoned } from './when-a-message-is-poisoned.chapter.spec.js';
import { whenASagaIsStuck } from './when-a-saga-is-stuck.chapter.spec.js';
import { whenCommandsLook } from './when-commands-look.chapter.spec.js';
import { whenDoctorIsFooled } from './when-doctor-is-fooled.chapter.spec.js';
import { whenDoctorLooksUnderLoad } from './when-doctor-looks-under-load.chapter.spec.js';

shareSystem();

whenAMessageIsPoisoned();
whenCommandsLook();
// Before there are thousands of orders, of which it would read every message at each look.
whenDoctorIsFooled();
whenDoctorLooksUnderLoad();
// What an abandoned saga leaves behind stays.
whenASagaIsStuck();
