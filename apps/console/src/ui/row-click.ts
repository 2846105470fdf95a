import type { MouseEvent } from 'react';

/** Whether a click is of the row: not of a link or a control in it, nor the end of marking a text. */
export const isOfRow = ({ target }: MouseEvent): boolean =>
  target instanceof Element && !target.closest('a, button, input, label') && getSelection()?.isCollapsed !== false;
