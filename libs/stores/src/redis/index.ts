export type { RedisStoreOptions } from './layout.js';
export { RedisScriptStore } from './script-store.js';
export { RedisWatchStore } from './watch-store.js';
