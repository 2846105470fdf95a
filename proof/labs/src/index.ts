export { NotShownError } from './errors.js';
export { render } from './render.js';
export type { Anomalies, LabReport, SceneReport, Step } from './report.js';
export { runLab, type LabOptions } from './run-lab.js';
