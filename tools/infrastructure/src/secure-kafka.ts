import { execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError } from './errors.js';
import { findJava, kafkaJars, MIN_JAVA } from './kafka-jars.js';
import { KAFKA_HEAP, kafkaProperties, renderProperties, type KafkaProperties } from './kafka-properties.js';
import { freePort, HOST } from './ports.js';
import { silent } from './report.js';

const run = promisify(execFile);

export interface SecureKafka {
  readonly brokers: string[];
  /** The certificate that clients must trust, as a file in PEM form. */
  readonly caFile: string;
  /** Passwords by user, `admin` among them: it may do everything. */
  readonly passwords: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * A broker in `dir` that is asked over TLS alone, by users that it knows (SCRAM-SHA-512), and refuses what no ACL allows. For tests.
 * @throws SetupError without Java or Kafka's jars
 */
export async function startSecureKafka(
  dir: string,
  users: readonly string[],
  settings: KafkaProperties = {},
): Promise<SecureKafka> {
  const java = await findJava();
  const jars = java && (await kafkaJars(silent));
  if (!java || !jars) throw new SetupError(`A secured Kafka needs Java ${MIN_JAVA} or later with Maven.`);
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  const passwords = Object.fromEntries(['admin', ...users].map((user) => [user, randomBytes(12).toString('hex')]));
  const { keystore, caFile, storePassword } = await makeCertificate(dir, java.path);
  const config = join(dir, 'server.properties');
  const place = {
    bind: HOST,
    port,
    advertised: `${HOST}:${port}`,
    controllerPort: await freePort(),
    logDir: join(dir, 'data'),
  };
  const secured = secureProperties(
    place.controllerPort,
    `${HOST}:${port}`,
    keystore,
    storePassword,
    passwords['admin'] ?? '',
  );
  writeFileSync(config, renderProperties({ ...kafkaProperties(place), ...secured, ...settings }), { mode: 0o600 });
  const jvm = [KAFKA_HEAP, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', join(jars, '*')];
  const clusterId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
  const scram = Object.entries(passwords).flatMap(([name, password]) => [
    '--add-scram',
    `SCRAM-SHA-512=[name=${name},password=${password}]`,
  ]);
  await run(java.path, [
    ...jvm,
    'kafka.tools.StorageTool',
    'format',
    `--cluster-id=${clusterId}`,
    ...scram,
    '-c',
    config,
  ]);
  const log = openSync(join(dir, 'kafka.log'), 'a');
  const broker = spawn(java.path, [...jvm, 'kafka.Kafka', config], { cwd: dir, stdio: ['ignore', log, log] });
  const ended = once(broker, 'exit');
  return {
    brokers: [`${HOST}:${port}`],
    caFile,
    passwords,
    stop: async () => {
      broker.kill('SIGKILL');
      await ended;
    },
  };
}

/** The JDK's keytool makes it, which is there wherever Kafka runs. It signs itself, so it is its own CA. */
async function makeCertificate(dir: string, java: string) {
  const beside = join(dirname(java), 'keytool');
  const keytool = java.includes('/') ? beside : 'keytool';
  const [keystore, caFile, storePassword] = [
    join(dir, 'kafka.p12'),
    join(dir, 'ca.pem'),
    randomBytes(12).toString('hex'),
  ];
  const store = ['-keystore', keystore, '-storetype', 'PKCS12', '-storepass', storePassword, '-alias', 'kafka'];
  const names = ['-dname', 'CN=kafka', '-ext', `san=dns:kafka,dns:localhost,ip:${HOST}`, '-ext', 'bc:c'];
  await run(keytool, [
    '-genkeypair',
    ...store,
    '-keyalg',
    'EC',
    '-groupname',
    'secp256r1',
    '-validity',
    '30',
    ...names,
  ]);
  await run(keytool, ['-exportcert', ...store, '-rfc', '-file', caFile]);
  readFileSync(caFile);
  return { keystore, caFile, storePassword };
}

const secureProperties = (
  controllerPort: number,
  advertised: string,
  keystore: string,
  storePassword: string,
  adminPassword: string,
) => ({
  listeners: `SASL_SSL://${advertised},CONTROLLER://${HOST}:${controllerPort}`,
  'advertised.listeners': `SASL_SSL://${advertised}`,
  'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL',
  'inter.broker.listener.name': 'SASL_SSL',
  'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
  'sasl.mechanism.inter.broker.protocol': 'SCRAM-SHA-512',
  'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': `org.apache.kafka.common.security.scram.ScramLoginModule required username="admin" password="${adminPassword}";`,
  'ssl.keystore.type': 'PKCS12',
  'ssl.keystore.location': keystore,
  'ssl.keystore.password': storePassword,
  'ssl.truststore.type': 'PKCS12',
  'ssl.truststore.location': keystore,
  'ssl.truststore.password': storePassword,
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  // The broker and its controller talk in one process, on a port of this machine that no client is told.
  'super.users': 'User:admin;User:ANONYMOUS',
  'allow.everyone.if.no.acl.found': 'false',
});
