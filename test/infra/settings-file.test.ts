import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { standInSettings } from '../../infra/deploy/stand-in-settings.ts'
import { readSettings, readUsualSettings, SETTINGS_EXAMPLE } from '../../infra/settings.ts'
import { TEST_SETTINGS } from '../support/synthesized.ts'

describe('the example', () => {
  test('is refused as it is, for each of its placeholders', () => {
    expect(() => readSettings(SETTINGS_EXAMPLE)).toThrow(
      /domainNames\.0 is still(.|\n)*certificateArn is still(.|\n)*hostedZone\.id is still(.|\n)*hostedZone\.name is still(.|\n)*alarmEmail is still/,
    )
  })

  test('is right but for them', () => {
    expect(standInSettings()).toMatchObject({ ...TEST_SETTINGS, stackName: 'signet' })
  })
})

async function settingsFile(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'signet-settings-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const path = join(directory, 'deployment.json')
  await writeFile(path, text)
  return path
}

describe('the file', () => {
  test('is read', async () => {
    const path = await settingsFile(JSON.stringify(TEST_SETTINGS))
    expect(readSettings(path)).toEqual({ ...TEST_SETTINGS, stackName: 'signet' })
  })

  test('that is not there is to be copied from the example', () => {
    expect(() => readUsualSettings('/nowhere/deployment.json')).toThrow(
      '/nowhere/deployment.json cannot be read: copy infra/deployment.example.json to infra/deployment.json and fill it in',
    )
  })

  test('that somebody named and that is not there is another one', () => {
    expect(() => readSettings('/nowhere/mine.json')).toThrow(
      /^\/nowhere\/mine\.json cannot be read: give the path of a settings file$/,
    )
  })

  test.each([
    ['{', 'must be JSON'],
    ['[]', 'the file must be an object, got a list of 0'],
  ])('%s is refused', async (text, problem) => {
    const path = await settingsFile(text)
    expect(() => readSettings(path)).toThrow(problem)
  })
})
