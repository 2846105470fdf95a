import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type AttributeValue,
  type CreateTableCommandInput,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { randomUUID } from 'node:crypto';
import {
  OutcomeUnknownError,
  VersionConflictError,
  versionAfter,
  type Json,
  type OutboxRecord,
  type OutboxStore,
  type Versioned,
} from '../versioned-store.js';

type Item = Record<string, AttributeValue>;

/** Of a row; its records have their ids, so that one id is written once. */
const ROW = 'row';
const RECORD = 'record#';

/** A table for rows and their records. Both are of one partition, so that they are read together. */
export const dynamoDbTable = (TableName: string): CreateTableCommandInput => ({
  TableName,
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
});

/** Nothing was written because of what the row is, or because another transaction was writing the row. */
const CONFLICTS = new Set(['ConditionalCheckFailed', 'TransactionConflict']);

/**
 * Rows in DynamoDB, each put with a condition on the version; with a record, in one TransactWriteItems. Reads are consistent.
 *
 * The SDK sends a put again when its answer was lost. The second then meets what the first has written: the row tells by `put`, an id of each
 * call, that both are one.
 */
export class DynamoDbStore<V extends Json = Json> implements OutboxStore<V> {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {}

  async get(key: string): Promise<Versioned<V> | undefined> {
    const item = await this.item(key);
    return item && { value: JSON.parse(item['value']?.S ?? 'null') as V, version: Number(item['version']?.N) };
  }

  async put(key: string, value: V, expected: number | undefined): Promise<number> {
    const version = versionAfter(expected);
    const id = randomUUID();
    try {
      await this.client.send(new PutItemCommand(this.conditional(key, value, expected, version, id)));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (error.$metadata.attempts === 1) throw new VersionConflictError(key, expected, { cause: error });
      if ((await this.item(key))?.['put']?.S !== id) throw new OutcomeUnknownError(key, { cause: error });
    }
    return version;
  }

  async putWithRecord(key: string, value: V, expected: number | undefined, record: OutboxRecord): Promise<number> {
    const version = versionAfter(expected);
    const row = this.conditional(key, value, expected, version, randomUUID());
    const sent: Item = { pk: { S: key }, sk: { S: RECORD + record.id }, at: { N: String(version) } };
    const Item = { ...sent, payload: { S: JSON.stringify(record.payload) } };
    const TransactItems = [{ Put: row }, { Put: { TableName: this.table, Item } }];
    try {
      // The SDK gives it a ClientRequestToken, by which DynamoDB knows one that was sent again.
      await this.client.send(new TransactWriteItemsCommand({ TransactItems }));
    } catch (error) {
      const isConflict =
        error instanceof TransactionCanceledException &&
        error.CancellationReasons?.some(({ Code }) => CONFLICTS.has(Code ?? ''));
      throw isConflict ? new VersionConflictError(key, expected, { cause: error }) : error;
    }
    return version;
  }

  async recordsOf(key: string): Promise<OutboxRecord[]> {
    const { Items = [] } = await this.client.send(
      new QueryCommand({
        TableName: this.table,
        KeyConditionExpression: 'pk = :key AND begins_with(sk, :record)',
        ExpressionAttributeValues: { ':key': { S: key }, ':record': { S: RECORD } },
        ConsistentRead: true,
      }),
    );
    return Items.sort((a, b) => Number(a['at']?.N) - Number(b['at']?.N)).map(({ sk, payload }) => ({
      id: (sk?.S ?? '').slice(RECORD.length),
      payload: JSON.parse(payload?.S ?? 'null') as Json,
    }));
  }

  private async item(key: string): Promise<Item | undefined> {
    const Key = { pk: { S: key }, sk: { S: ROW } };
    const { Item } = await this.client.send(new GetItemCommand({ TableName: this.table, Key, ConsistentRead: true }));
    return Item;
  }

  private conditional(key: string, value: V, expected: number | undefined, version: number, id: string) {
    const row: Item = { pk: { S: key }, sk: { S: ROW }, value: { S: JSON.stringify(value) }, put: { S: id } };
    const Item = { ...row, version: { N: String(version) } };
    if (expected === undefined)
      return { TableName: this.table, Item, ConditionExpression: 'attribute_not_exists(pk)' } as const;
    return {
      TableName: this.table,
      Item,
      ConditionExpression: '#version = :expected',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':expected': { N: String(expected) } },
    };
  }
}
