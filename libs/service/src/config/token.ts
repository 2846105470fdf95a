/** The token of the service's configuration: `@Inject(CONFIG) config: OvenConfig`. */
export const CONFIG = Symbol('backstep:config');
