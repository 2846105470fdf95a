export * from './broken-evidence.js';
export * from './sound-evidence.js';
