import { HOST_MAIN, HOST_PROCESS, HOSTED, prefixed } from '../hosts.js';
import { portsFromSettings, processOf, urlOf } from '../topology.js';
import { difference, unless, type Problems } from './problems.fixture.spec.js';
import { APART, MAIN, TOGETHER, type Repository } from './repository.fixture.spec.js';

const PORTS = portsFromSettings({});
/** Where a gateway finds the services: in a host, in the same process. */
const URLS = new Set(HOSTED.map((name) => `${processOf(name).variable}_URL`));

/** The host runs what the containers run apart, each service with the settings that it has in a container of its own, and nothing twice. */
export function hostIsAllOfThem({ main, together, composeFiles }: Repository): Problems {
  const host = together.services[HOST_PROCESS];
  if (!host) return [`${TOGETHER}: add the service ${HOST_PROCESS}`];
  const ports = HOSTED.map((name) => String(PORTS[name]));
  const twice = HOSTED.filter((name) => !composeFiles[TOGETHER]?.services[name]?.profiles.includes(APART));
  return [
    ...unless(
      JSON.stringify(host.command) === JSON.stringify([HOST_MAIN]),
      `${TOGETHER}: ${HOST_PROCESS}: the command must be [${HOST_MAIN}]`,
    ),
    ...Object.entries(wantedSettings(main.services))
      .filter(([setting, value]) => host.environment[setting] !== value)
      .map(([setting, value]) => `${TOGETHER}: ${HOST_PROCESS}: ${setting} must be ${value}, as ${MAIN} has it`),
    ...difference(
      ports,
      host.healthTest.slice(host.healthTest.indexOf('/app/healthcheck.mjs') + 1),
      (port) => `${TOGETHER}: ${HOST_PROCESS}: the health check must ask the port ${port}`,
      (port) => `${TOGETHER}: ${HOST_PROCESS}: the health check asks ${port}, where nobody listens`,
    ),
    ...twice.map((name) => `${TOGETHER}: ${name}: give it the profile ${APART}: it runs in the host`),
  ];
}

/** What each service has in its own container and does not share with all others, under its prefix. */
function wantedSettings(services: Repository['main']['services']): Record<string, string> {
  const environments = HOSTED.map((name) => services[name]?.environment ?? {});
  const isShared = (setting: string, value: string): boolean => environments.every((one) => one[setting] === value);
  const own = HOSTED.map((name, at) =>
    prefixed(
      name,
      Object.fromEntries(
        Object.entries(environments[at] ?? {}).filter(
          // The operators' token is for all: only the gateway has such functions.
          ([setting, value]) => !isShared(setting, value) && !URLS.has(setting) && setting !== 'OPERATOR_TOKEN',
        ),
      ),
    ),
  );
  const urls = HOSTED.filter((name) => name !== 'gateway').map((name) => prefixed(name, { URL: urlOf(PORTS[name]) }));
  return Object.assign({}, ...own, ...urls) as Record<string, string>;
}
