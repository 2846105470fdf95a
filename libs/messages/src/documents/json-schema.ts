import { z } from 'zod';
import type { MessageDefinition, MessageKind } from '../message.js';

/** The part of JSON Schema (draft 7) that our messages use. Other keywords are kept, and compared by equality. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly description?: string;
  readonly [keyword: string]: unknown;
}

/** The schema of a message's data, with the other parts of its declaration on which readers depend. */
export interface DataSchema extends JsonSchema {
  readonly title: string;
  readonly description: string;
  readonly 'x-kind': MessageKind;
  readonly 'x-topic': string;
  /** The field whose value is the Kafka key. */
  readonly 'x-key': string;
}

/** The schema of a message as a committed file. */
export interface ContractSchema extends DataSchema {
  readonly $schema: string;
  /** The value of the header `ce_dataschema`. */
  readonly $id: string;
}

/** `CakeBaked.v1`: the name of a message in one version, in files and documents. */
export const versionedName = ({ name, version }: Pick<MessageDefinition, 'name' | 'version'>): string =>
  `${name}.v${version}`;

const DIALECT = 'http://json-schema.org/draft-07/schema#';

/** The schema of a message as it is committed. */
export const contractSchema = (definition: MessageDefinition): ContractSchema => ({
  $schema: DIALECT,
  $id: `urn:backstep:schema:${definition.name}:${definition.version}`,
  ...dataSchema(definition),
});

/**
 * The JSON Schema of a message's data. It describes what a reader accepts: fields that the reader does not know are allowed, and dropped,
 * except where the declaration is strict.
 */
export function dataSchema({ name, kind, topic, keyOf, summary, schema }: MessageDefinition): DataSchema {
  const shape = Object.entries(z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }));
  const keywords = Object.fromEntries(shape.filter(([keyword]) => keyword !== '$schema'));
  return { title: name, description: summary, 'x-kind': kind, 'x-topic': topic, 'x-key': keyOf, ...keywords };
}
