import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, type InteractionResults, type Provider } from 'oidc-provider';
import { findPersona, practitionerIdOf } from '../personas.ts';
import { WITH_SECOND_FACTOR, WITHOUT_SECOND_FACTOR } from './access-token.ts';
import { choosePersonaPage, DEVELOPMENT_CODE, messagePage, secondFactorPage } from './sign-in-page.ts';

/** Sign-in pages lie under this path, followed by the id of the sign-in in progress. */
export const SIGN_IN_PATH = '/sign-in/';

/** Bytes that a form of ours can have at most. */
const FORM_LIMIT = 4096;

/** What a step of the sign-in leads to: the next page, or the end of it. */
type Step = { readonly status: number; readonly page: string } | { readonly result: InteractionResults };

/** Serves one sign-in page or takes one form of it. */
export async function handleSignIn(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    // The sign-in belongs to the browser that began it: its cookie says which one it is, not the path.
    const { uid } = await provider.interactionDetails(request, response);
    const action = `${SIGN_IN_PATH}${uid}`;
    const step =
      request.method === 'POST'
        ? takeForm(action, new URLSearchParams(await readForm(request)))
        : { status: 200, page: choosePersonaPage(action) };
    if ('result' in step) {
      await provider.interactionFinished(request, response, step.result, { mergeWithLastSubmission: false });
    } else {
      sendPage(response, step.status, step.page);
    }
  } catch (cause) {
    if (!(cause instanceof errors.OIDCProviderError)) throw cause;
    sendPage(
      response,
      400,
      messagePage(
        'This sign-in is over',
        'It took too long or was finished before. Go back and start again.',
      ),
    );
  }
}

function takeForm(action: string, form: URLSearchParams): Step {
  if (form.has('cancel')) {
    return { result: { error: 'access_denied', error_description: 'The sign-in was cancelled' } };
  }
  const persona = findPersona(form.get('persona') ?? '');
  if (persona === undefined) {
    return { status: 400, page: choosePersonaPage(action, 'Choose one of the personas.') };
  }
  const accountId = practitionerIdOf(persona.name);
  if (form.has('without')) return { result: { login: { accountId, amr: WITHOUT_SECOND_FACTOR } } };

  const code = form.get('code');
  if (code === null) return { status: 200, page: secondFactorPage(action, persona) };
  if (code.trim() !== DEVELOPMENT_CODE) {
    return { status: 400, page: secondFactorPage(action, persona, 'That code is not the right one.') };
  }
  return { result: { login: { accountId, amr: WITH_SECOND_FACTOR } } };
}

async function readForm(request: IncomingMessage): Promise<string> {
  let form = '';
  for await (const chunk of request) {
    form += String(chunk);
    if (form.length > FORM_LIMIT) throw new errors.InvalidRequest('the form is too long');
  }
  return form;
}

/** No `form-action`: browsers apply it to the redirects after a form too, and these lead to the client's origin. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

function sendPage(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, HEADERS).end(page);
}
