/**
 * A real token of an EKS cluster, expired, and the public key of its issuer.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FIXTURES = join(import.meta.dirname, '../../fixtures')

export const EKS_TOKEN = readFileSync(join(FIXTURES, 'irsa-token.jwt'), 'utf8').trim()
export const EKS_PUBLIC_KEY = readFileSync(join(FIXTURES, 'irsa-public-key.pem'), 'utf8')

/** As the header of the token has it. */
export const EKS_KID = '882014647bded49b37971f48ca11037e5c73461b'
export const EKS_ISSUER = 'https://oidc.eks.us-west-2.amazonaws.com/id/1234'
/** While the token was valid. */
export const EKS_TIME = new Date('2025-06-13T00:00:00Z')
