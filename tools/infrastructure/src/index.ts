export { startBound, type BoundProcess, type BoundProgram } from './bound-process.js';
export { knownInstance } from './instance-id.js';
export { containerEnvironment, CONTAINERS_INSTANCE, TOLD_BY, toldEnvironment, type Settings } from './containers.js';
export type { LabOptions } from './control/open-control.js';
export { createDatabases, type DatabaseDeclaration } from './databases.js';
export { emptyFolder } from './empty-folder.js';
export * from './errors.js';
export {
  startInfrastructure,
  startPostgres,
  type Infrastructure,
  type InfrastructureOptions,
} from './infrastructure.js';
export { HOST_PROCESS, HOSTED, HOSTS_MAX, pidsOf } from './hosts.js';
export { interruption, InterruptedError } from './interruption.js';
export { CLUSTER_NAMES } from './kafka-cluster.js';
export { KAFKA_IMAGE } from './kafka-docker.js';
export { KAFKA_HEAP, kafkaEnvironment, kafkaProperties } from './kafka-properties.js';
export { cacheDir } from './maven.js';
export { freePort, HOST } from './ports.js';
export { POSTGRES_IMAGE, POSTGRES_LOCALE, POSTGRES_SETTINGS, postgresArguments } from './postgres.js';
export { writePrivately } from './private-folder.js';
export { identify, type ProcessIdentity } from './process-identity.js';
export { startMongo, type Mongo } from './mongo.js';
export { startRedis, type Redis } from './redis.js';
export { silent, type Report } from './report.js';
export { RESTART, type RestartPolicy } from './restart-policy.js';
export { readRun, starterRuns, stopRun, type RunRecord } from './run-file.js';
export type { RunningEnvironment } from './running-environment.js';
export { sumOfMetric } from './service-metrics.js';
export { startSecureKafka, type SecureKafka } from './secure-kafka.js';
export { startSystem, type System, type SystemOptions } from './system.js';
export { superuserUrl } from './superuser.js';
export { waitFor } from './wait.js';
export { restartOnChange, type Watch } from './watch/restart-on-change.js';
export {
  CONSUMER_GROUPS,
  DATABASES,
  defaultDir,
  PORT_NAMES,
  PROCESS_NAMES,
  portSettingOf,
  portsFromSettings,
  processOf,
  ROOT,
  SUPERUSER,
  urlOf,
  type OwnedDatabase,
  OPERATOR,
} from './topology.js';
