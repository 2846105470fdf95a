import type { DynamicModule, Provider, Type } from '@nestjs/common';
import type { ServiceDeclaration } from './messaging-options.js';

/** The token of what a messaging module was declared with. */
export const DECLARATION = Symbol('backstep:declaration');

/**
 * What a service's module declares, without starting anything: for tools that run its handlers elsewhere.
 * @returns undefined where the module imports no messaging itself
 */
export function declarationOf(module: Type): ServiceDeclaration | undefined {
  // Where `@Module` keeps what it was given.
  const imports = (Reflect as MetadataReader).getMetadata('imports', module) ?? [];
  const providers = imports.flatMap(({ providers = [] }): Provider[] => providers);
  for (const provider of providers) {
    if ('provide' in provider && provider.provide === DECLARATION && 'useValue' in provider) {
      return provider.useValue as ServiceDeclaration;
    }
  }
  return undefined;
}

type MetadataReader = typeof Reflect & {
  getMetadata(key: 'imports', target: object): readonly Partial<DynamicModule>[] | undefined;
};
