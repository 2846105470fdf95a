import { Menu } from '@base-ui/react/menu';
import { Button } from '../ui/button.js';
import styles from './dialog.module.css';
import { changeSettings, type Settings, useSettings } from './settings.js';

const CHOICES: readonly {
  readonly name: keyof Settings;
  readonly title: string;
  readonly values: readonly (readonly [value: string, label: string])[];
}[] = [
  {
    name: 'theme',
    title: 'Colours',
    values: [
      ['system', 'as the system has them'],
      ['light', 'light'],
      ['dark', 'dark'],
    ],
  },
  {
    name: 'density',
    title: 'Rows',
    values: [
      ['compact', 'compact'],
      ['comfortable', 'comfortable'],
    ],
  },
  {
    name: 'inspector',
    title: 'Inspector',
    values: [
      ['page', 'beside messages only'],
      ['on', 'beside every list'],
      ['off', 'never'],
    ],
  },
  {
    name: 'clock',
    title: 'Times',
    values: [
      ['utc', 'UTC'],
      ['local', 'local'],
    ],
  },
  {
    name: 'shortcuts',
    title: 'Keys without Ctrl',
    values: [
      ['on', 'on'],
      ['off', 'off'],
    ],
  },
];

export function SettingsMenu() {
  const settings = useSettings();
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger render={<Button />}>Settings</Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end">
          <Menu.Popup className={styles['menu']}>
            {CHOICES.map(({ name, title, values }) => (
              <Menu.Group key={name}>
                <Menu.GroupLabel className={styles['label']}>{title}</Menu.GroupLabel>
                <Menu.RadioGroup
                  value={settings[name]}
                  onValueChange={(value: string) => changeSettings({ [name]: value })}
                >
                  {values.map(([value, label]) => (
                    <Menu.RadioItem key={value} value={value} className={styles['item']} closeOnClick={false}>
                      <span className={styles['check']} aria-hidden="true">
                        {settings[name] === value ? '✓' : ''}
                      </span>
                      {label}
                    </Menu.RadioItem>
                  ))}
                </Menu.RadioGroup>
              </Menu.Group>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
