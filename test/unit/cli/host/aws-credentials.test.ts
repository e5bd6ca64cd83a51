import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  type AwsCredentialSource,
  usableCredentials,
} from '../../../../src/cli/host/aws-credentials.ts'
import type { Deadline } from '../../../../src/deadline.ts'

const never: Deadline = () => new Promise(() => {})
const found = { accessKeyId: 'AKIA', secretAccessKey: 'a/+b', sessionToken: 'c==' }

class NamedError extends Error {
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

beforeEach(() => {
  vi.stubEnv('AWS_PROFILE', '')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

function failing(cause: unknown): AwsCredentialSource {
  return usableCredentials(() => Promise.reject(cause), never)
}

describe('credentials', () => {
  test.each([
    [found],
    [{ accessKeyId: 'AKIA', secretAccessKey: 'b' }],
    [{ ...found, sessionToken: '' }],
    [{ ...found, sessionToken: undefined }],
  ])('%j are given as they were found', async (credentials) => {
    expect(await usableCredentials(async () => credentials, never)()).toBe(credentials)
  })

  test.each([
    [{ ...found, accessKeyId: '' }],
    [{ ...found, secretAccessKey: '' }],
    [{ ...found, accessKeyId: 'marked\u00E9' }],
    [{ ...found, secretAccessKey: 'marked marked' }],
    [{ ...found, sessionToken: 'marked\r\nX: y' }],
  ])('%j are refused before a header shows them', async (credentials) => {
    const asked = usableCredentials(async () => credentials, never)()
    await expect(asked).rejects.toMatchObject({
      exitCode: 2,
      message: expect.not.stringContaining('marked'),
    })
    await expect(asked).rejects.toThrow('hold characters that no credential has')
  })

  test('are asked for anew each time, since they expire', async () => {
    let asked = 0
    const source = usableCredentials(async () => {
      asked += 1
      return { ...found, accessKeyId: `AKIA${asked}` }
    }, never)
    expect((await source()).accessKeyId).toBe('AKIA1')
    expect((await source()).accessKeyId).toBe('AKIA2')
  })
})

describe('a look-up', () => {
  test('that does not end is given up', async () => {
    let given = 0
    const source = usableCredentials(
      () => new Promise(() => {}),
      async (milliseconds) => {
        given = milliseconds
      },
    )
    await expect(source()).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('AWS credentials were not found within 10 seconds: sign in'),
    })
    expect(given).toBe(10_000)
  })

  test('that fails once it was given up is heard by nobody', async () => {
    const { promise, reject } = Promise.withResolvers<never>()
    const unhandled = vi.fn<() => void>()
    process.on('unhandledRejection', unhandled)
    const source = usableCredentials(
      () => promise,
      async () => {},
    )
    await expect(source()).rejects.toThrow('within 10 seconds')
    reject(new Error('late'))
    await new Promise(setImmediate)
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  test.each([
    [
      new NamedError('CredentialsProviderError', 'Could not load credentials from any providers'),
      'no AWS credentials were found: sign in',
    ],
    [
      new NamedError('CredentialsProviderError', 'The SSO session of marked has expired.'),
      'the AWS sign-in has expired, or there was none',
    ],
    [
      new NamedError('CredentialsProviderError', 'To refresh run aws sso login --profile=marked'),
      'the AWS sign-in has expired, or there was none',
    ],
    [
      new NamedError('AccessDenied', 'arn:aws:iam::123456789012:user/marked may not'),
      "the AWS credentials could not be had (AccessDenied): check AWS_PROFILE and the profile's settings",
    ],
    [new NamedError('marked 1', 'marked'), 'could not be had (unknown error)'],
    ['marked', 'could not be had (Error)'],
  ])('that fails with %s is said without its text', async (cause, sentence) => {
    const asked = failing(cause)()
    await expect(asked).rejects.toMatchObject({ exitCode: 2, name: 'CliError', cause })
    await expect(asked).rejects.toThrow(sentence)
    await expect(asked).rejects.not.toThrow(/marked|arn:|123456789012/)
  })
})
