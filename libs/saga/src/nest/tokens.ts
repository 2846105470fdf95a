export const REGISTRY = Symbol('backstep:saga-registry');
export const SETTINGS = Symbol('backstep:saga-settings');
export const SUBJECT_FIELD = Symbol('backstep:saga-subject-field');
