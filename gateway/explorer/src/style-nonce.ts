/**
 * Gives each style element that a script makes the nonce of this page. Monaco and Radix make theirs at run time, and the
 * page's policy takes none without.
 */
export function giveStylesTheNonce(): void {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce;
  if (nonce === undefined) return;
  const createElement = document.createElement.bind(document) as typeof document.createElement;
  document.createElement = (name: string, options?: ElementCreationOptions) => {
    const element = createElement(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
}
