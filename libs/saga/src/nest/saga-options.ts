import type { EvidenceDeclaration, Schema } from '@backstep/messaging';
import type { DynamicModule, FactoryProvider, Type } from '@nestjs/common';
import type { SagaDefinition } from '../definition/saga.js';

/** What sagas add to the messaging of their service. */
export interface SagaParts extends Schema {
  readonly handlers: readonly Type[];
  readonly evidence: EvidenceDeclaration;
}

/** What may come from an application's settings. */
export interface SagaSettings {
  /** How long ended sagas are kept, in days; must be longer than the inbox keeps message ids. Default 90. */
  readonly retainDays?: number;
  /** How often due timers are read, in milliseconds; a timeout is late by at most this. Default 1,000. */
  readonly timerPollMs?: number;
}

/** The sagas of a service, and how it runs them. */
export interface SagaModuleOptions extends SagaSettings {
  /** The sagas to run. An older version of a saga stays among them until its last instance has ended. */
  readonly sagas: readonly SagaDefinition[];
  /** Puts the sagas' handlers, entities, migrations and evidence into the messaging of their service. */
  readonly messaging: (parts: SagaParts) => DynamicModule;
  /** Whether `GET /sagas`, `GET /sagas/counts`, `GET /sagas/:id`, `POST /sagas/:id/:action`, and `GET` and `POST /sagas/operations` are served. Default false: the routes have no guard of their own. */
  readonly routes?: boolean;
  /** The name under which a saga's subject is logged, such as `cakeId`. Default: `subject`. */
  readonly subjectField?: string;
}

/** {@link SagaModuleOptions} with settings from the application's own providers. */
export interface AsyncSagaModuleOptions extends Omit<SagaModuleOptions, keyof SagaSettings> {
  readonly inject?: FactoryProvider['inject'];
  // The arguments are what `inject` names, which TypeScript cannot follow.
  readonly useFactory: (...injected: never[]) => SagaSettings;
}

export const DEFAULT_RETAIN_DAYS = 90;
export const DEFAULT_TIMER_POLL_MS = 1_000;
