export { InjectLane, LanesModule } from './lanes.module.js';
