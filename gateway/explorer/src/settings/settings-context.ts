import { createContext, useContext } from 'react';
import type { ExplorerSettings } from './explorer-settings.ts';

export const SettingsContext = createContext<ExplorerSettings | undefined>(undefined);

export function useSettings(): ExplorerSettings {
  const settings = useContext(SettingsContext);
  if (settings === undefined) throw new Error('useSettings outside of the explorer');
  return settings;
}
