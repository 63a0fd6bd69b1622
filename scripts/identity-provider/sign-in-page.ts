import { PERSONAS, type Persona } from '../personas.ts';

/** The code that every second factor accepts. */
export const DEVELOPMENT_CODE = '123456';

/** First step: who to be. */
export function choosePersonaPage(action: string, problem?: string): string {
  const choices = PERSONAS.map(
    ({ name, personName, organisationId, fails }, index) => `
      <label class="choice">
        <input type="radio" name="persona" value="${escapeHtml(name)}" required${index === 0 ? ' checked' : ''}>
        <span><strong>${escapeHtml(name)}</strong>
        <span class="about">${escapeHtml(personName)}, ${escapeHtml(organisationId)}${
          fails === undefined ? '' : `; refused: ${escapeHtml(fails.toLowerCase())}`
        }</span></span>
      </label>`,
  ).join('');
  return page(
    'Sign in',
    `${alert(problem)}
    <form method="post" action="${escapeHtml(action)}">
      <fieldset><legend>Which persona do you want to be?</legend>${choices}</fieldset>
      <button type="submit">Continue</button>
      <button type="submit" name="cancel" value="yes" formnovalidate class="quiet">Cancel</button>
    </form>`,
  );
}

/** Second step: the second factor, or doing without to see the gateway's refusal. */
export function secondFactorPage(action: string, persona: Persona, problem?: string): string {
  return page(
    'Second factor',
    `${alert(problem)}
    <p>You are signing in as <strong>${escapeHtml(persona.personName)}</strong> (${escapeHtml(persona.name)}).</p>
    <form method="post" action="${escapeHtml(action)}">
      <input type="hidden" name="persona" value="${escapeHtml(persona.name)}">
      <p><label for="code">Six-digit code</label>
      <span id="hint" class="about">Nothing is sent: in development the code is ${DEVELOPMENT_CODE}.</span>
      <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" aria-describedby="hint"
        value="${DEVELOPMENT_CODE}" autofocus></p>
      <button type="submit">Sign in</button>
      <button type="submit" name="without" value="yes" class="quiet">Sign in without second factor</button>
    </form>
    <p class="about">Without a second factor the gateway answers UNAUTHENTICATED.</p>`,
  );
}

/**
 * Asks whether the session at the provider is to end too.
 *
 * @param form The provider's, with its secret; its id is `op.logoutForm`.
 */
export function signOutPage(form: string): string {
  return page(
    'Sign out',
    `${form}
    <p>You are signed out of the application. End your session here as well?</p>
    <button type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>
    <button type="submit" form="op.logoutForm" class="quiet">Stay signed in here</button>`,
  );
}

/** A page with one message, where there is nothing to fill in. */
export function messagePage(title: string, message: string): string {
  return page(title, `<p role="alert">${escapeHtml(message)}</p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en-GB">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>${escapeHtml(title)} – ContactPoint development</title>
    <style>
      :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
      body { margin: 0 auto; max-width: 38rem; padding: 1.5rem; }
      .banner { border: 2px solid; padding: .5rem 1rem; }
      fieldset { border: 1px solid; margin: 0 0 1rem; padding: 1rem; }
      .choice { display: flex; gap: .6rem; padding: .3rem 0; }
      .about { display: block; }
      input[name=code], button { font: inherit; padding: .4rem .8rem; }
      label[for=code] { display: block; font-weight: bold; }
      [role=alert] { border-left: 4px solid; padding-left: 1rem; font-weight: bold; }
    </style>
  </head>
  <body>
    <p class="banner">For development only: anybody may be anybody here. No real person, no real record.</p>
    <main><h1>${escapeHtml(title)}</h1>${body}</main>
  </body>
</html>
`;
}

function alert(problem: string | undefined): string {
  return problem === undefined ? '' : `<p role="alert">${escapeHtml(problem)}</p>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
