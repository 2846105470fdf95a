import { startMongo } from '@backstep/testing';
import { afterAll, describe, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { MongoStore, type MongoRow } from './mongodb/index.js';
import { describeVersionedStore } from './testing/index.js';

/**
 * Goal: rows in MongoDB keep the contract of a versioned store.
 * Method: the suite, over MongoDB's protocol. What answers is an emulator, unless MONGODB_URL names a real server: the adapter's filters and
 * answers are checked, not MongoDB.
 */
const server = await startMongo();
const client = new MongoClient(server?.url ?? 'mongodb://127.0.0.1', { serverSelectionTimeoutMS: 10_000 });
afterAll(async () => {
  await client.close();
  await server?.stop();
});

const rows = () => client.db('backstep_stores').collection<MongoRow>('rows');
(server ? describe : describe.skip)(`MongoDB's protocol${server?.isEmulator ? ', by an emulator' : ''}`, () => {
  describeVersionedStore('MongoDB', () => new MongoStore(rows()), { runner: { describe, it } });
});
