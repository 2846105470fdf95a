import { type RefObject, useEffect, useState } from 'react';
import type { Span } from './in-view.js';

/** What is in view changes in steps of so many px, and so rarely while somebody scrolls. */
const STEP_PX = 480;
/** Drawn on each side beyond what is seen, so that nothing comes late. */
const BEYOND_PX = 720;

/** What of an element that scrolls sideways is in view, and a little more on each side. */
export function useSpan(scroller: RefObject<HTMLElement | null>): Span | undefined {
  const [span, setSpan] = useState<Span>();
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = (): void => {
      const left = Math.floor(element.scrollLeft / STEP_PX) * STEP_PX - BEYOND_PX;
      const right = (Math.floor((element.scrollLeft + element.clientWidth) / STEP_PX) + 1) * STEP_PX + BEYOND_PX;
      setSpan((before) => (before?.left === left && before.right === right ? before : { left, right }));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller]);
  return span;
}
