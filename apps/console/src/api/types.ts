import type { components } from './openapi.js';

/** What the API answers, as its document declares it: `node tools/docs.mjs` writes `openapi.d.ts`, so a change fails the type check here. */
type Schemas = components['schemas'];
export type Order = Schemas['Order'];
export type OrderWithSaga = Schemas['OrderWithSaga'];
export type OrderStatus = Schemas['OrderStatus'];
export type OrderMessage = Schemas['OrderMessage'];
export type OrderMessages = Schemas['OrderMessages'];
export type LogMessage = Schemas['LogMessage'];
export type MessagePage = Schemas['MessagePage'];
export type Topic = Schemas['Topic'];
export type ConsumerGroup = Schemas['ConsumerGroup'];
export type Saga = Schemas['Saga'];
export type SagaStep = Schemas['SagaStep'];
export type Evidence = Schemas['Evidence'];
export type ServiceEvidence = Schemas['ServiceEvidence'];
export type Service = Schemas['Service'];
export type RowEvidence = Schemas['RowEvidence'];
export type PaymentIntent = Schemas['PaymentIntent'];
export type SagaSummary = Schemas['SagaSummary'];
export type SagaState = Schemas['SagaState'];
export type SagaAction = Schemas['SagaAction'];
export type SagaCommand = Schemas['SagaCommand'];
export type SagaOperation = Schemas['SagaOperation'];
export type OperatedSaga = Schemas['OperatedSaga'];
export type OperatorAction = Schemas['OperatorAction'];
export type OperatorOperation = Schemas['OperatorOperation'];
export type Problem = Schemas['Problem'];
