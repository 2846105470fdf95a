export interface Label {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
  /** About: no font is asked. */
  readonly width: number;
  readonly text: string;
}

const RISE_PX = 9;
const LINE_PX = 14;
const LEVELS = 3;
const CHARACTER_PX = 6.6;

/** About how wide a text is. */
export const widthOf = (text: string): number => text.length * CHARACTER_PX;

/** Places labels over points of lanes. One that would cover another goes a line higher, as far as there is room. */
export function labelPlaces() {
  const taken: { readonly left: number; readonly right: number; readonly y: number }[] = [];
  return (text: string, at: { readonly x: number; readonly y: number }, anchor: Label['anchor']): Label => {
    const width = widthOf(text);
    const [left, right] = anchor === 'end' ? [at.x - width, at.x] : [at.x, at.x + width];
    const isFree = (line: number): boolean =>
      !taken.some((one) => one.y === line && one.left < right && left < one.right);
    const lines = Array.from({ length: LEVELS }, (_, level) => at.y - RISE_PX - LINE_PX * level);
    const y = lines.find(isFree) ?? at.y - RISE_PX;
    taken.push({ left, right, y });
    return { x: at.x, y, anchor, width, text };
  };
}
