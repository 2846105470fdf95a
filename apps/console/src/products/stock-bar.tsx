import { useId } from 'react';
import { type StockNumbers, stockSentence, stockShares } from './stock.js';
import styles from './products.module.css';

const WIDTH = 160;
const HEIGHT = 14;

interface Props {
  readonly stock: StockNumbers;
  /** The numbers stand beside it: it says nothing of its own. */
  readonly isTold?: boolean;
}

/** What is on hand as a bar: what is promised to orders hatched, what can be ordered filled. */
export function StockBar({ stock, isTold = false }: Props) {
  const id = useId();
  const { reserved, available } = stockShares(stock);
  const label = isTold ? { 'aria-hidden': true } : { role: 'img', 'aria-label': stockSentence(stock) };
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      preserveAspectRatio="none"
      className={styles['bar']}
      {...label}
    >
      <defs>
        <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" className={styles['hatchGround']} />
          <line x1="0" y1="0" x2="0" y2="5" className={styles['hatch']} />
        </pattern>
      </defs>
      <rect x={0} y={0} width={reserved * WIDTH} height={HEIGHT} fill={`url(#${id})`} />
      <rect x={reserved * WIDTH} y={0} width={available * WIDTH} height={HEIGHT} className={styles['available']} />
      <rect x={0.5} y={0.5} width={WIDTH - 1} height={HEIGHT - 1} className={styles['frame']} />
    </svg>
  );
}
