/** The token of the service's configuration: `@Inject(CONFIG) config: OrderConfig`. */
export const CONFIG = Symbol('backstep:config');
