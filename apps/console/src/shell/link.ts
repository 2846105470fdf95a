import { useEffect } from 'react';

let write: (() => string) | undefined;

/** The address of what is shown, for whoever opens it later. */
export const linkToThis = (): string => write?.() ?? location.href;

/** While the page is shown: how a link to it is written, where its address has what is relative to now. */
export function useLinkWritten(by: () => string): void {
  useEffect(() => {
    write = by;
    return () => {
      write = undefined;
    };
  });
}
