import { linkToThis } from '../shell/link.js';
import { Button } from './button.js';
import { copy } from './copy.js';

/** Copies the link to what is shown, for whoever opens it later. */
export const copyLink = (): void => void copy(linkToThis(), 'the link');

/** The button of the key that does it on every page. */
export const CopyLink = () => (
  <Button shortcut="y" onClick={copyLink}>
    Copy link
  </Button>
);
