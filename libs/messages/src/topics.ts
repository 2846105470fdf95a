/** A topic to be created: `<service>.commands` or `<service>.events`. */
export interface TopicDeclaration {
  readonly name: string;
  readonly partitions: number;
  readonly retentionMs: number;
}

/** The form of a service's name. Topics and consumer groups are named after it. */
export const SERVICE_NAME = /^[a-z][a-z0-9-]{0,62}$/;
