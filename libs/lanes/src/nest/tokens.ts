/** The definitions of all lanes of the application, and its lanes, in the same order. */
export const DEFINITIONS = Symbol('backstep:lane-definitions');
export const LANES = Symbol('backstep:lanes');
export const OWNER = Symbol('backstep:lane-owner');
