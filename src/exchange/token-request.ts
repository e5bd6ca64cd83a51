/**
 * What a request to the token endpoint asks for (RFC 8693 §2.1), before anyone looks at its token.
 *
 * The subject token is the only credential: whoever shows another one believes in a protection that is not there, and is
 * refused. Parameters that are not known are ignored, as RFC 6749 §3.2 has it.
 */

import { AUDIENCE_CHARS_MAX } from '../limits.ts'
import { isPrintable } from '../printable.ts'
import type { SubjectTokenType } from '../subject-tokens/subject-verification.ts'
import { type FormAnswer, refusedForm } from './form-answer.ts'
import { readFormText } from './form-body.ts'
import { type FormParameters, parseFormParameters } from './form-parameters.ts'
import { TOKEN_TYPE_URIS, tokenTypeOfUri } from './token-types.ts'

export interface TokenRequestParameters {
  readonly subjectToken: string
  readonly subjectTokenType: SubjectTokenType
  /** Asked for as `audience` or as `resource`. */
  readonly audience: string
  /** A JWT whatever it is called; as it was asked for. */
  readonly issuedTokenType: SubjectTokenType
}

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** Never rejects. */
export async function readTokenRequest(
  request: Request,
): Promise<FormAnswer<TokenRequestParameters>> {
  if (request.url.includes('?')) {
    return refusedForm(
      'parameter_refused',
      'the URL of a token request must have no query (it would end up in logs): put every parameter in the body',
    )
  }
  if (request.headers.has('Authorization')) {
    return refusedForm(
      'authorization_refused',
      'clients are not authenticated here, since the subject token is the only credential: leave the Authorization header out',
    )
  }
  const text = await readFormText(request)
  if (!text.ok) return text
  const parameters = parseFormParameters(text.value)
  return parameters.ok ? parseTokenRequest(parameters.value) : parameters
}

export function parseTokenRequest(parameters: FormParameters): FormAnswer<TokenRequestParameters> {
  const unsupported = refusalOfUnsupported(parameters)
  if (unsupported !== undefined) return unsupported
  const subjectToken = parameters.get('subject_token')
  if (subjectToken === undefined) {
    return refusedForm(
      'parameter_missing',
      'subject_token is missing: put the token of the workload there',
    )
  }
  // Of base64url and dots; what is read from a file or copied from a header often brings more.
  if (/\s/.test(subjectToken)) {
    return refusedForm(
      'subject_token_malformed',
      'the subject token has a line break or a space in it: send the token alone',
    )
  }
  const subjectTokenType = tokenTypeOf(parameters, 'subject_token_type')
  if (!subjectTokenType.ok) return subjectTokenType
  if (subjectTokenType.value === undefined) {
    return refusedForm(
      'parameter_missing',
      `subject_token_type is missing: it is one of ${TOKEN_TYPE_URIS.join(', ')}`,
    )
  }
  const issuedTokenType = tokenTypeOf(parameters, 'requested_token_type')
  if (!issuedTokenType.ok) return issuedTokenType
  const target = targetOf(parameters)
  if (!target.ok) return target
  return {
    ok: true,
    value: {
      subjectToken,
      subjectTokenType: subjectTokenType.value,
      audience: target.value,
      issuedTokenType: issuedTokenType.value ?? 'jwt',
    },
  }
}

function refusalOfUnsupported(parameters: FormParameters): FormAnswer<never> | undefined {
  if (parameters.has('client_secret') || parameters.has('client_assertion')) {
    return refusedForm(
      'client_authentication_refused',
      'clients are not authenticated here, since the subject token is the only credential: leave client_secret and client_assertion out',
    )
  }
  const grantType = parameters.get('grant_type')
  if (grantType === undefined) {
    return refusedForm('parameter_missing', `grant_type is missing: it is ${TOKEN_EXCHANGE}`)
  }
  if (grantType !== TOKEN_EXCHANGE) {
    return refusedForm('grant_type_refused', `grant_type must be ${TOKEN_EXCHANGE}`)
  }
  if (parameters.has('actor_token') || parameters.has('actor_token_type')) {
    return refusedForm(
      'actor_refused',
      'actor_token and actor_token_type are not supported, since nobody acts for another here: leave them out',
    )
  }
  if (parameters.has('scope')) {
    return refusedForm(
      'scope_refused',
      'tokens have no scope here, since the exchange policy says what they may do: leave scope out',
    )
  }
  return undefined
}

function tokenTypeOf(
  parameters: FormParameters,
  name: 'subject_token_type' | 'requested_token_type',
): FormAnswer<SubjectTokenType | undefined> {
  const uri = parameters.get(name)
  if (uri === undefined) return { ok: true, value: undefined }
  const type = tokenTypeOfUri(uri)
  if (type !== undefined) return { ok: true, value: type }
  return refusedForm('token_type_refused', `${name} must be one of ${TOKEN_TYPE_URIS.join(', ')}`)
}

function targetOf(parameters: FormParameters): FormAnswer<string> {
  const audience = parameters.get('audience')
  const resource = parameters.get('resource')
  if (audience !== undefined && resource !== undefined) {
    return refusedForm(
      'target_refused',
      'a token is issued for one audience, got both audience and resource: leave one out',
    )
  }
  const target = audience ?? resource
  if (target === undefined) {
    return refusedForm('parameter_missing', 'audience is missing: say whom the token is for')
  }
  if (target.length > AUDIENCE_CHARS_MAX || !isPrintable(target)) {
    return refusedForm(
      'target_refused',
      `audience and resource must have at most ${AUDIENCE_CHARS_MAX} characters, all of them printable`,
    )
  }
  // RFC 8707 §2.
  if (resource !== undefined && (!URL.canParse(resource) || resource.includes('#'))) {
    return refusedForm(
      'target_refused',
      'resource must be an absolute URI without a fragment: ask for anything else as audience',
    )
  }
  return { ok: true, value: target }
}
