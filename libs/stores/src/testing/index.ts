export { freshKey, STORE_CHECKS, type StoreCheck, type Stores } from './checks.js';
export { describeVersionedStore, type DescribeOptions, type SpecRunner } from './describe-versioned-store.js';
export { MemoryStore } from './memory-store.js';
