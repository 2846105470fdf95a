import type { z } from 'zod';

/** One environment variable: its purpose, its allowed values, its default. */
export interface Variable<Schema extends z.ZodType = z.ZodType> {
  /** Reads the text of the variable. Its error messages name what is expected. `values.ts` has ready schemas. */
  readonly schema: Schema;
  readonly description: string;
  /** The value when the variable is not set. A variable without one must be set. */
  readonly default?: z.output<Schema> | undefined;
  /** For numbers: `ms`, `bytes`, `messages`, … */
  readonly unit?: string;
  /** True: the value is never printed, neither in errors nor in docs. */
  readonly secret?: boolean;
  /** True: the services of one process cannot share the value, so each of them reads it under its own prefix alone. */
  readonly own?: boolean;
}

/** Environment variables by their names: see {@link declare}. */
export type Declaration = Readonly<Record<string, Variable>>;

/** The values of a declaration: each variable as it was set, or its default. */
export type Config<D extends Declaration> = { readonly [Name in keyof D]: z.output<D[Name]['schema']> };

/** Declares environment variables. Checks the types only: the result is the argument. */
export function declare<const Schemas extends Readonly<Record<string, z.ZodType>>>(variables: {
  readonly [Name in keyof Schemas]: Variable<Schemas[Name]>;
}): { readonly [Name in keyof Schemas]: Variable<Schemas[Name]> } {
  return variables;
}

/** The environment does not fit the declaration. `problems` has one line for each wrong or missing variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** What the variables of a service begin with when several services run in one process: `CAKE_STAND_` for `cake-stand`. */
export const prefixOf = (service: string): string => `${service.toUpperCase().replaceAll('-', '_')}_`;

/**
 * Reads and checks the environment. A variable that is empty counts as not set.
 * @param prefix of a service that shares its process with others. A variable with the prefix comes before the one without, which is for all of
 * them; a variable that is `own` is read with the prefix alone.
 * @throws ConfigError naming every wrong or missing variable and what is expected of it; values of secrets are left out.
 */
export function loadConfig<D extends Declaration>(
  declaration: D,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  prefix = '',
): Config<D> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, variable] of Object.entries(declaration)) {
    const read = variable.own || environment[prefix + name] ? prefix + name : name;
    const given = environment[read];
    if (given === undefined || given === '') {
      if (variable.default === undefined) problems.push(`${read} is missing: ${variable.description}`);
      else values[name] = variable.default;
      continue;
    }
    const result = variable.schema.safeParse(given);
    if (result.success) values[name] = result.data;
    else problems.push(`${read} is wrong: expected ${expectation(result.error, variable)}${shown(variable, given)}`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(values) as Config<D>;
}

const expectation = (error: z.ZodError, { unit }: Variable): string =>
  `${error.issues[0]?.message ?? 'another value'}${unit ? ` (${unit})` : ''}`;

const SHOWN_VALUE_MAX_CHARACTERS = 80;
const shown = ({ secret }: Variable, value: string): string =>
  secret ? '' : `, got ${JSON.stringify(value.slice(0, SHOWN_VALUE_MAX_CHARACTERS))}`;

/** A variable as documents list it. */
export interface DescribedVariable {
  readonly name: string;
  readonly description: string;
  readonly default: string | undefined;
  readonly unit: string | undefined;
  readonly required: boolean;
  readonly secret: boolean;
}

/** The variables as the documentation lists them, in the order of the declaration. Defaults of secrets are left out. */
export function describeConfig(declaration: Declaration): readonly DescribedVariable[] {
  return Object.entries(declaration).map(([name, variable]) => ({
    name,
    description: variable.description,
    default: variable.default === undefined || variable.secret ? undefined : String(variable.default),
    unit: variable.unit,
    required: variable.default === undefined,
    secret: variable.secret ?? false,
  }));
}
