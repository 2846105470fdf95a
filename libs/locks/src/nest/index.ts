export { LocksModule, type LocksModuleOptions } from './locks.module.js';
