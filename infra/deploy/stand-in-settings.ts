/**
 * Settings for a dry run where nobody has made any yet: the example's, with names in it that could be somebody's.
 */

import { readFileSync } from 'node:fs'
import { isJsonObject, parseJson } from '../../src/json.ts'
import { parseSettings, type Settings, SETTINGS_EXAMPLE } from '../settings.ts'

const IN_PLACE_OF_PLACEHOLDERS = {
  domainNames: ['oidc.signet.internal'],
  certificateArn:
    'arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555',
  hostedZone: { id: 'Z0123456789', name: 'signet.internal' },
  alarmEmail: 'operations@signet.internal',
}

export function standInSettings(): Settings {
  const example = parseJson(readFileSync(SETTINGS_EXAMPLE, 'utf8'))
  const parsed = parseSettings({
    ...(isJsonObject(example) ? example : {}),
    ...IN_PLACE_OF_PLACEHOLDERS,
  })
  if (parsed.ok) return parsed.config
  throw new Error(`infra/deployment.example.json is wrong: ${parsed.problems.join('; ')}`)
}
