import { expect, test } from 'vitest'
import { hasIamCaller } from '../../../../src/adapters/lambda/iam-caller.ts'
import { functionUrlEvent, httpApiEvent } from '../../../support/hosts/lambda-events.ts'

const IAM = {
  accountId: '999988887777',
  userArn: 'arn:aws:iam::999988887777:user/marked-caller',
  userId: 'AIDAMARKEDCALLER',
}

function authorizedBy(authorizer: unknown): object {
  return { ...httpApiEvent(), requestContext: { ...httpApiEvent().requestContext, authorizer } }
}

test.each<[title: string, event: unknown]>([
  ['an HTTP API', httpApiEvent({ iam: 'authenticated' })],
  ['a Function URL', functionUrlEvent({ iam: 'authenticated' })],
  ['what is needed alone', authorizedBy({ iam: IAM })],
])('IAM has authenticated the caller of %s', (_title, event) => {
  expect(hasIamCaller(event)).toBe(true)
})

test.each<[title: string, event: unknown]>([
  ['an HTTP API without authorizer', httpApiEvent()],
  ['a Function URL without authorizer', functionUrlEvent()],
  ['nothing', undefined],
  ['no object', 'iam'],
  ['no request context', {}],
  ['an authorizer that is null', authorizedBy(null)],
  ['a JWT authorizer', authorizedBy({ jwt: { claims: IAM, scopes: null } })],
  ['a Lambda authorizer', authorizedBy({ lambda: { iam: IAM } })],
  ['an IAM block that is null', authorizedBy({ iam: null })],
  ['an IAM block that is empty', authorizedBy({ iam: {} })],
  ['an IAM block that is a text', authorizedBy({ iam: 'yes' })],
  ['an IAM block without account', authorizedBy({ iam: { ...IAM, accountId: undefined } })],
  ['an empty account', authorizedBy({ iam: { ...IAM, accountId: '' } })],
  ['an empty ARN', authorizedBy({ iam: { ...IAM, userArn: '' } })],
  ['an ARN that is null', authorizedBy({ iam: { ...IAM, userArn: null } })],
  ['an empty user', authorizedBy({ iam: { ...IAM, userId: '' } })],
  ['a user that is no text', authorizedBy({ iam: { ...IAM, userId: 1 } })],
  ['an IAM block elsewhere', { ...httpApiEvent(), authorizer: { iam: IAM }, iam: IAM }],
  ['headers that say so', httpApiEvent({ headers: { authorizer: JSON.stringify({ iam: IAM }) } })],
])('IAM has authenticated nobody: %s', (_title, event) => {
  expect(hasIamCaller(event)).toBe(false)
})
