/** A topic as it is made: `<service>.commands` or `<service>.events`. */
export interface TopicDeclaration {
  readonly name: string;
  readonly partitions: number;
  readonly retentionMs: number;
}

/** Whether a text can be the name of a service, which topics and groups are named by. */
export const SERVICE_NAME = /^[a-z][a-z0-9-]{0,62}$/;
