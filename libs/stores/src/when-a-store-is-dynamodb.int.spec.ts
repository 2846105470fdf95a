import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { answerLost } from '@backstep/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DynamoDbStore, dynamoDbTable } from './dynamodb/index.js';
import { startDynalite } from './dynalite.fixture.spec.js';
import { OutcomeUnknownError } from './index.js';
import { freshKey } from './testing/checks.js';
import { describeVersionedStore } from './testing/index.js';

/**
 * Goal: rows in DynamoDB keep the contract of a versioned store, and a put that the SDK sends twice is one put.
 * Method: the suite, over DynamoDB's protocol. What answers is dynalite, an emulator that knows no transactions, or what DYNAMODB_URL names.
 */
// The SDK says on every start which Node its next versions want.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
const given = process.env['DYNAMODB_URL'];
const TABLE = `backstep-stores-${Date.now()}`;
const TABLE_WITHIN_S = 60;

const clientOf = (endpoint: string) =>
  new DynamoDBClient({
    endpoint,
    region: process.env['AWS_REGION'] ?? 'eu-central-1',
    // Emulators ask for some; a real service for the caller's own.
    ...(process.env['AWS_ACCESS_KEY_ID'] ? {} : { credentials: { accessKeyId: 'none', secretAccessKey: 'none' } }),
  });

let server: Awaited<ReturnType<typeof startDynalite>> | undefined;
let client: DynamoDBClient;
beforeAll(async () => {
  server = given ? undefined : await startDynalite();
  client = clientOf(given ?? server?.url ?? '');
  await client.send(new CreateTableCommand(dynamoDbTable(TABLE)));
  await waitUntilTableExists({ client, maxWaitTime: TABLE_WITHIN_S }, { TableName: TABLE });
});
afterAll(async () => {
  client?.destroy();
  await server?.stop();
});

describeVersionedStore('DynamoDB', () => new DynamoDbStore(client, TABLE), {
  runner: { describe, it },
  ...(given ? {} : { without: { outbox: 'dynalite knows no TransactWriteItems; a server at DYNAMODB_URL does' } }),
});

const itOnDynalite = given ? it.skip : it;

itOnDynalite('DynamoDB put whose answer was lost is one put, though the SDK sends it twice', async () => {
  const key = freshKey();
  const proxy = await answerLost(server?.port ?? 0, 'PutItem');
  const through = clientOf(`http://127.0.0.1:${proxy.port}`);
  expect(await new DynamoDbStore(through, TABLE).put(key, 'written', undefined)).toBe(1);
  expect(proxy.lost()).toBe(1);
  expect(await new DynamoDbStore(client, TABLE).get(key)).toEqual({ value: 'written', version: 1 });
  through.destroy();
  proxy.close();
});

itOnDynalite(
  'DynamoDB put whose answer was lost, and that others wrote over, has an outcome that is not known',
  async () => {
    const key = freshKey();
    const rival = new DynamoDbStore(client, TABLE);
    const proxy = await answerLost(server?.port ?? 0, 'PutItem');
    const through = clientOf(`http://127.0.0.1:${proxy.port}`);
    // Between the first attempt and the second.
    through.middlewareStack.add(
      (next) => async (args) => {
        if (proxy.lost() === 1 && (await rival.get(key))?.version === 1) await rival.put(key, 'over it', 1);
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    await expect(new DynamoDbStore(through, TABLE).put(key, 'written', undefined)).rejects.toThrow(OutcomeUnknownError);
    expect(await rival.get(key)).toEqual({ value: 'over it', version: 2 });
    through.destroy();
    proxy.close();
  },
);
