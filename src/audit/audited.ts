/**
 * What somebody else wrote, as an audit record may hold it: short, printable, and without what is for nobody to know.
 *
 * Subjects of AWS are ARNs with an account in them; and whoever sends a token may have put another token into its claims.
 */

import { shortened } from '../printable.ts'

const TEXT_CHARS_MAX = 200
/** Sentences of ours, which name limits and settings. */
const DETAIL_CHARS_MAX = 500

/** Looked at for what must not be in it: a longer text is cut first, since its end is not shown anyway. */
const READ_CHARS_MAX = 1000

/** Wherever it begins, and with its colons escaped as well. */
const ARN = /arn(?::|%3a)[^\s"'<>]*/gi
/** Of a principal: what follows its account tells two of them apart. What a key is called is for nobody to know. */
const PRINCIPAL =
  /^arn:[\w-]+:(?:iam|sts)::\d{12}:((?:assumed-role|federated-user|role|user)\/[\w+=,.@/-]+|root)$/i
const JWS = /eyJ[\w-]*\.[\w-]*(?:\.[\w-]*)*/g
const ACCOUNT = /\d{12,}|\d{4}-\d{4}-\d{4}/g
/** As the console of AWS writes it, too. */
const ACCOUNT_IN_NAME = /\d{12}|\d{4}-\d{4}-\d{4}/

export function audited(text: string): string {
  return shortened(redacted(text), TEXT_CHARS_MAX)
}

/** Of a refusal: one sentence. */
export function auditedDetail(sentence: string): string {
  return shortened(redacted(sentence), DETAIL_CHARS_MAX)
}

function redacted(text: string): string {
  return text
    .slice(0, READ_CHARS_MAX)
    .replace(ARN, arnless)
    .replace(JWS, 'a token')
    .replace(ACCOUNT, 'ACCOUNT')
}

function arnless(arn: string): string {
  const [, name] = PRINCIPAL.exec(arn) ?? []
  return name === undefined || ACCOUNT_IN_NAME.test(name) ? 'an ARN' : `an ARN (${name})`
}
