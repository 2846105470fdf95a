import { SPEEDS } from '../lanes/playing.js';
import { Button } from '../ui/button.js';
import { spanText } from '../ui/time-text.js';
import styles from './order.module.css';
import type { Play } from './use-play.js';

interface Props {
  readonly moments: readonly number[];
  /** The moment that is shown. */
  readonly moment: number;
  readonly play: Play;
  /** To the moment of that number. */
  readonly stepTo: (index: number) => void;
}

/** The moment that is shown: by hand, or as it was. */
export function Moment({ moments, moment, play, stepTo }: Props) {
  const [start = 0] = moments;
  const index = Math.max(
    moments.findLastIndex((one) => one <= moment),
    0,
  );
  const since = spanText(Math.max(0, Math.round(moment - start)));
  return (
    <>
      <label className={styles['scrub']}>
        Moment
        <input
          type="range"
          min={0}
          max={Math.max(moments.length - 1, 0)}
          value={index}
          aria-valuetext={`${since} after the first message`}
          onChange={({ target }) => stepTo(Number(target.value))}
        />
        <output>{since}</output>
      </label>
      <Button shortcut="p" pressed={play.isPlaying} onClick={play.toggle}>
        {play.isPlaying ? 'Pause' : 'Play'}
      </Button>
      <label className={styles['speed']}>
        <span className="unseen">Speed</span>
        <select
          value={play.speed}
          onChange={({ target }) => play.setSpeed(SPEEDS.find((one) => one === Number(target.value)) ?? 1)}
        >
          {SPEEDS.map((speed) => (
            <option key={speed} value={speed}>
              ×{speed}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
