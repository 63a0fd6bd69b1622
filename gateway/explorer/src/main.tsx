import './styles/explorer.css';
import { createRoot } from 'react-dom/client';
import { Explorer } from './explorer.tsx';
import { fetchSettings } from './settings/explorer-settings.ts';
import { giveStylesTheNonce } from './style-nonce.ts';

giveStylesTheNonce();

const element = document.getElementById('explorer');
if (element !== null) {
  const root = createRoot(element);
  fetchSettings().then(
    (settings) => root.render(<Explorer settings={settings} />),
    (cause: Error) => root.render(<p role="alert">{cause.message}</p>),
  );
}
