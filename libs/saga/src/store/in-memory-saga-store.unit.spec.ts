import { sagaStoreContract } from '../testing/saga-store.contract.js';
import { InMemorySagaStore } from './in-memory-saga-store.js';

/** Goal: the in-memory store does what every store does. */
sagaStoreContract('InMemorySagaStore', () => new InMemorySagaStore());
