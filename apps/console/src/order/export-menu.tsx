import { Menu } from '@base-ui/react/menu';
import { announce } from '../shell/announce.js';
import dialog from '../shell/dialog.module.css';
import { Button } from '../ui/button.js';
import { copy } from '../ui/copy.js';
import { download } from '../ui/download.js';
import type { Incident } from './incident.js';

/** What the page shows as files: as of the moment that is shown, but for the evidence, which is as it was read. */
export function ExportMenu(incident: Incident) {
  const { order, evidence, lanes, at } = incident;
  const name = `order-${order.id}`;
  // What makes the files is loaded when somebody wants one.
  const picture = async (): Promise<void> => {
    const { pictureOf } = await import('./picture.js');
    download(`${name}.svg`, 'image/svg+xml', pictureOf(incident));
  };
  const report = async (): Promise<string> => (await import('./incident.js')).incidentOf(incident);
  const choices = [
    { title: 'Lanes as a picture (SVG)', act: picture, isOff: lanes.messages.length === 0 },
    {
      title: 'Evidence as JSON',
      act: () => Promise.resolve(download(`${name}.json`, 'application/json', JSON.stringify(evidence, null, 2))),
      isOff: evidence === undefined,
    },
    {
      title: 'Report of an incident (Markdown)',
      act: async () => download(`${name}.md`, 'text/markdown', await report()),
      isOff: false,
    },
    { title: 'Copy the report', act: async () => copy(await report(), 'the report'), isOff: false },
  ];
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger render={<Button />}>Export{at === undefined ? '' : ' as of then'}</Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end">
          <Menu.Popup className={dialog['menu'] ?? ''}>
            {choices.map(({ title, act, isOff }) => (
              <Menu.Item
                key={title}
                className={dialog['item'] ?? ''}
                disabled={isOff}
                onClick={() => void act().catch(() => announce('The file could not be made.'))}
              >
                {title}
                {isOff && title.includes('JSON') ? ': for operators' : ''}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
