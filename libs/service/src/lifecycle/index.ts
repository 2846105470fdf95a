export * from './create-app.js';
export * from './lifecycle.js';
export * from './platform.module.js';
export * from './run-service.js';
export * from './service-options.js';
