import { useLocation } from '@tanstack/react-router';
import { isBeside, type Selected, selectedIn, type Side, sideOf } from '../inspector/selected.js';
import { changeSettings, useSettings } from './settings.js';

export interface Inspector {
  readonly side: Side;
  readonly isShown: boolean;
  readonly selected: Selected | undefined;
  readonly toggle: () => void;
}

/** What is selected on the page, and whether that is shown beside it: chosen once, for all pages of this browser. */
export function useInspector(): Inspector {
  const { pathname, search: typed } = useLocation();
  const search = { ...typed };
  const { inspector } = useSettings();
  const side = sideOf(pathname, search);
  const isShown = isBeside(side, inspector);
  return {
    side,
    isShown,
    selected: selectedIn(pathname, search),
    toggle: () => {
      if (side !== 'none') changeSettings({ inspector: isShown ? 'off' : 'on' });
    },
  };
}

/** Whether a page shows what is selected in a panel of its own, or leaves it to the inspector. */
export const useIsBeside = (): boolean => useInspector().isShown;
