import type { Density } from '../shell/settings.js';

/** How high a row of a list is, as `--row` of `style/base.css`: what is virtual has its height from here, all else from there. */
export const ROW_PX: Readonly<Record<Density, number>> = { compact: 28, comfortable: 36 };
