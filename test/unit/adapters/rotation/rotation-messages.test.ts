import { describe, expect, test } from 'vitest'
import {
  answerRotation,
  parseRotationAnswer,
  rotationQuestion,
} from '../../../../src/adapters/rotation/rotation-messages.ts'
import { Fault, FAULT_CODES } from '../../../../src/errors.ts'
import type { Log } from '../../../../src/log.ts'

/** Whoever rotates, and what is logged meanwhile. */
function rotating(run: (issuerId: string) => Promise<void> = async () => {}) {
  const ran: string[] = []
  const logged: Parameters<Log>[] = []
  const rotation = {
    run: async (issuerId: string) => {
      ran.push(issuerId)
      await run(issuerId)
    },
  }
  const answer = (question: unknown) =>
    answerRotation(question, rotation, (...record) => void logged.push(record))
  return { ran, logged, answer }
}

test('the question is the issuer, and nothing else', () => {
  expect(rotationQuestion('prod')).toBe('{"version":1,"issuer":"prod"}')
})

describe('an answer', () => {
  test.each<[string, object]>([
    ['{"status":"done"}', { status: 'done' }],
    ...FAULT_CODES.map((code): [string, object] => [
      `{"status":"failed","code":"${code}"}`,
      { status: 'failed', code },
    ]),
  ])('is %s', (text, expected) => {
    expect(parseRotationAnswer(text)).toEqual(expected)
  })

  test.each([
    '',
    'null',
    '"done"',
    '[]',
    '{}',
    '{',
    '{"status":"Done"}',
    '{"status":"done","code":"key_disabled"}',
    '{"status":"failed"}',
    '{"status":"failed","code":"other"}',
    '{"status":"failed","code":"key_disabled","problem":"marked"}',
    '{"errorType":"Error","errorMessage":"marked"}',
  ])('is not %s', (text) => {
    expect(parseRotationAnswer(text)).toBeUndefined()
  })
})

describe('a question', () => {
  test('is answered when the rotation is done', async () => {
    const { ran, logged, answer } = rotating()
    expect(await answer(JSON.parse(rotationQuestion('prod')))).toEqual({ status: 'done' })
    expect([ran, logged]).toEqual([['prod'], []])
  })

  test.each(FAULT_CODES)(
    'is answered with the fault %s by its code; its words are logged',
    async (code) => {
      const problem = 'a key could not be made for issuer prod: AWS KMS answered X'
      const { logged, answer } = rotating(() => Promise.reject(new Fault(code, problem)))
      const answered = await answer({ version: 1, issuer: 'prod' })
      expect(answered).toEqual({ status: 'failed', code })
      expect(parseRotationAnswer(JSON.stringify(answered))).toEqual(answered)
      expect(logged).toEqual([['error', 'rotation_failed', { issuer: 'prod', code, problem }]])
    },
  )

  test('is not answered when the rotation fails by a mistake', async () => {
    const mistake = new RangeError('a mistake')
    const { answer } = rotating(() => Promise.reject(mistake))
    await expect(answer({ version: 1, issuer: 'prod' })).rejects.toBe(mistake)
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', rotationQuestion('prod')],
    ['a list', [{ version: 1, issuer: 'prod' }]],
    ['no version', { issuer: 'prod' }],
    ['another version', { version: 2, issuer: 'prod' }],
    ['a version as text', { version: '1', issuer: 'prod' }],
    ['no issuer', { version: 1 }],
    ['an issuer that is no id', { version: 1, issuer: 'Marked/../x' }],
    ['an issuer that is no text', { version: 1, issuer: ['prod'] }],
    ['a path of the host as issuer', { version: 1, issuer: 'control' }],
    ['a word more', { version: 1, issuer: 'prod', action: 'destroy' }],
    ['an event of HTTP', { version: '2.0', rawPath: '/', issuer: 'prod' }],
  ])('is not %s: nothing is run', async (_, question) => {
    const { ran, answer } = rotating()
    await expect(answer(question)).rejects.toThrow(
      new TypeError('a rotation takes {"version": 1, "issuer": ID}, got something else'),
    )
    expect(ran).toEqual([])
  })
})
