import { isCollection, parseDocument, type CollectionTag } from 'yaml';

/** What the checks look at of a compose file, lists and maps brought to one form. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  /** As it is written, for what is looked for everywhere in it. */
  readonly text: string;
}

export interface Service {
  readonly image?: string;
  readonly command: readonly string[];
  readonly entrypoint?: unknown;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  /** Condition, by service. */
  readonly waitsFor: Readonly<Record<string, string>>;
  /** True in an overlay that takes the place of what the service below waits for. */
  readonly replacesWaits: boolean;
  /** The health check's command; empty for that of the image. */
  readonly healthTest: readonly string[];
  readonly health: 'own' | 'of its image' | 'disabled';
  readonly init: boolean;
  readonly readOnly: boolean;
  readonly containerName?: string;
  readonly restart?: string;
  readonly stopGracePeriod?: string;
  readonly profiles: readonly string[];
  readonly replicas: number;
  /** Of another file, whose service this one begins with. */
  readonly extendsService?: string;
}

/** Compose's own tags: an overlay says with them that a list is not to be added to the one below. */
const tag = (name: string, collection: 'map' | 'seq'): CollectionTag => ({
  tag: name,
  collection,
  identify: () => false,
});
const TAGS = ['!override', '!reset'].flatMap((name) => [tag(name, 'map'), tag(name, 'seq')]);

/** @throws Error with the place of what is no YAML */
export function parseCompose(text: string): ComposeFile {
  const document = parseDocument(text, { merge: true, customTags: TAGS });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw problem;
  const { services = {} } = document.toJS() as { services?: Record<string, Record<string, unknown>> };
  return {
    services: Object.fromEntries(
      Object.entries(services).map(([name, service]) => {
        const waits = document.getIn(['services', name, 'depends_on'], true);
        const replacesWaits = isCollection(waits) && waits.tag === '!override';
        return [name, { ...normalised(service ?? {}), replacesWaits }];
      }),
    ),
    text,
  };
}

function normalised(raw: Record<string, unknown>): Service {
  const deploy = raw['deploy'] as { replicas?: number } | undefined;
  const extended = raw['extends'] as { service: string } | string | undefined;
  const service = {
    image: raw['image'],
    command: list(raw['command']),
    entrypoint: raw['entrypoint'],
    environment: strings(raw['environment']),
    ports: list(raw['ports']),
    volumes: list(raw['volumes']),
    waitsFor: conditions(raw['depends_on']),
    health: healthOf(raw['healthcheck'] as { test?: unknown; disable?: boolean } | undefined),
    healthTest: list((raw['healthcheck'] as { test?: unknown } | undefined)?.test),
    init: raw['init'] === true,
    readOnly: raw['read_only'] === true,
    containerName: raw['container_name'],
    restart: raw['restart'],
    stopGracePeriod: raw['stop_grace_period'],
    profiles: list(raw['profiles']),
    replicas: deploy?.replicas ?? (raw['scale'] as number | undefined) ?? 1,
    extendsService: typeof extended === 'string' ? extended : extended?.service,
  };
  return Object.fromEntries(Object.entries(service).filter(([, value]) => value !== undefined)) as unknown as Service;
}

const list = (value: unknown): string[] =>
  typeof value === 'string' ? value.split(/\s+/) : ((value as unknown[] | undefined) ?? []).map(String);

function strings(value: unknown): Record<string, string> {
  if (Array.isArray(value)) return Object.fromEntries(value.map((one) => split(String(one))));
  return Object.fromEntries(Object.entries(value ?? {}).map(([name, one]) => [name, String(one ?? '')]));
}

function split(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

function conditions(value: unknown): Record<string, string> {
  if (Array.isArray(value)) return Object.fromEntries(value.map((name) => [String(name), 'service_started']));
  const entries = Object.entries((value ?? {}) as Record<string, { condition?: string }>);
  return Object.fromEntries(entries.map(([name, { condition }]) => [name, condition ?? 'service_started']));
}

function healthOf(check: { test?: unknown; disable?: boolean } | undefined): Service['health'] {
  if (check?.disable) return 'disabled';
  return check?.test === undefined ? 'of its image' : 'own';
}

/** An overlay's service over the one it changes, as `docker compose -f … -f …` sees it; volumes and ports replace. */
export function withOverlay(base: ComposeFile, overlay: ComposeFile): ComposeFile {
  const changed = Object.entries(overlay.services).map(([name, over]) => {
    const below = base.services[over.extendsService ?? name];
    return [name, below ? changedBy(below, over) : over] as const;
  });
  return { services: { ...base.services, ...Object.fromEntries(changed) }, text: base.text + overlay.text };
}

/** Without what has this profile, which `up` leaves out. */
export const withoutProfile = ({ services, text }: ComposeFile, profile: string): ComposeFile => ({
  services: Object.fromEntries(Object.entries(services).filter(([, { profiles }]) => !profiles.includes(profile))),
  text,
});

const changedBy = (below: Service, over: Service): Service => ({
  ...below,
  ...over,
  command: over.command.length > 0 ? over.command : below.command,
  environment: { ...below.environment, ...over.environment },
  ports: over.ports.length > 0 ? over.ports : below.ports,
  volumes: over.volumes.length > 0 ? over.volumes : below.volumes,
  waitsFor: over.replacesWaits ? over.waitsFor : { ...below.waitsFor, ...over.waitsFor },
  health: over.health === 'of its image' ? below.health : over.health,
  healthTest: over.healthTest.length > 0 ? over.healthTest : below.healthTest,
  init: over.init || below.init,
  readOnly: over.readOnly || below.readOnly,
  profiles: over.profiles.length > 0 ? over.profiles : below.profiles,
});

const VARIABLE = /\$\{(\w+)(?::-([^}]*))?\}/g;
/** One that must be set: `${NAME:?what to do}`. */
const REQUIRED = /\$\{(\w+):\?[^}]+\}/g;

/** Every `${NAME:-default}`, in order, with its default; undefined where there is none. */
export const variablesIn = (text: string): { name: string; byDefault: string | undefined }[] =>
  [...withoutComments(text).matchAll(VARIABLE)].map(([, name = '', byDefault]) => ({ name, byDefault }));

/** The names of those that must be set. */
export const requiredIn = (text: string): string[] =>
  [...withoutComments(text).matchAll(REQUIRED)].map(([, name = '']) => name);

/** As it reads when no setting is made. */
export const byDefault = (text: string): string => text.replaceAll(VARIABLE, (_, _name, value?: string) => value ?? '');

const withoutComments = (text: string): string => text.replaceAll(/(^|\s)#.*$/gm, '$1');
