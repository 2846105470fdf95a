import { environmentOfHost, HOST_PROCESS } from '../hosts.js';
import { DATABASES, portsFromSettings } from '../topology.js';
import { difference, unless, type Problems } from './problems.fixture.spec.js';
import { EXPRESS, TOGETHER, type Repository } from './repository.fixture.spec.js';

const PORTS = portsFromSettings({});

/** Of a service all processes hand over, or none, and so do all services: those apart by a port that no other machine reaches. */
export function expressIsOfAll({ express, together, composeFiles }: Repository): Problems {
  const owners = DATABASES.map(({ process }) => process);
  const overlay = composeFiles[EXPRESS]?.services ?? {};
  const deployment = { dir: '', instance: '', ports: PORTS, databases: {}, brokers: [], webhookSecret: '' };
  const inHost = environmentOfHost(HOST_PROCESS, PORTS, deployment)['EXPRESS'];
  return [
    ...difference(
      owners,
      Object.keys(overlay),
      (name) => `${EXPRESS}: add the service ${name}: run node tools/services.mjs`,
      (name) => `${EXPRESS}: take out ${name}: it reads no messages`,
    ),
    ...owners.flatMap((name) => {
      const { environment = {}, ports = [] } = express.services[name] ?? {};
      return [
        ...unless(environment['EXPRESS'] === 'true', `${EXPRESS}: ${name}: EXPRESS must be true`),
        ...unless(Number(environment['EXPRESS_PORT']) > 0, `${EXPRESS}: ${name}: give it an EXPRESS_PORT`),
        ...unless('SERVICE_TOKEN' in environment, `${EXPRESS}: ${name}: give it the SERVICE_TOKEN that TLS is made of`),
        ...unless(
          ports.length === 0,
          `${EXPRESS}: ${name}: publish no port: others reach it by the containers' network`,
        ),
      ];
    }),
    ...unless(
      together.services[HOST_PROCESS]?.environment['EXPRESS'] === inHost,
      `${TOGETHER}: ${HOST_PROCESS}: EXPRESS must be ${inHost}, as npm start -- --together has it`,
    ),
  ];
}
