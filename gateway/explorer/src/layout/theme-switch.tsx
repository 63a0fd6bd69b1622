import { useId } from 'react';
import { THEMES, type Theme, useTheme } from './theme.ts';

const NAMES: Readonly<Record<Theme, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' };

export function ThemeSwitch() {
  const [theme, choose] = useTheme();
  const id = useId();
  return (
    <div className="theme-switch">
      <label htmlFor={id}>Colours</label>
      <select id={id} value={theme} onChange={({ target }) => choose(target.value as Theme)}>
        {THEMES.map((each) => (
          <option key={each} value={each}>
            {NAMES[each]}
          </option>
        ))}
      </select>
    </div>
  );
}
