/**
 * A run after the installation's secrets were exchanged: it writes, although nothing of the ring is due.
 */

import { expect, test } from 'vitest'
import { memoryStore } from '../../../src/adapters/storage/memory.ts'
import { issuerRepository } from '../../../src/issuers/issuer-repository.ts'
import { rotationHere } from '../../../src/keyring/rotation-here.ts'
import { notObserved } from '../../../src/publication/observation.ts'
import { keyManagers } from '../../../src/signers/key-managers.ts'
import { aKey, fakeKeyManager, keyRef, NOW } from '../../support/fixtures.ts'
import { ACTIVE, aRotating, aSuccessor, BOUNDS, DAY } from '../../support/rotation-fixtures.ts'

test('protects keys anew in one write, and says which', async () => {
  const retiring = aKey({
    kid: 'kid-0',
    publishedAt: NOW - DAY,
    activatesAt: NOW - DAY,
    keyRef: keyRef('retiring'),
  })
  const active = { ...ACTIVE, keyRef: keyRef('active') }
  const successor = { ...aSuccessor({ activatesAt: NOW + 2 * DAY }), keyRef: keyRef('standing') }
  const document = aRotating([retiring, active, successor])
  const issuers = issuerRepository(memoryStore())
  await issuers.insert(document)
  const logged: unknown[] = []
  const renewals = { active: keyRef('active anew'), retiring: keyRef('retiring anew') }
  const rotation = rotationHere({
    issuers,
    keyManagers: keyManagers(fakeKeyManager({ renewals })),
    bounds: BOUNDS,
    observe: async () => notObserved('unreachable', 'nobody is to look'),
    clock: { now: () => NOW },
    log: (level, event, fields) => void logged.push([level, event, fields]),
  })

  const report = await rotation.run('prod')

  expect(report).toMatchObject({ revision: document.revision + 1, actions: [] })
  const stored = (await issuers.load('prod'))?.stored
  expect(stored).toMatchObject({
    ring: {
      keys: [
        { keyRef: 'retiring' },
        { kid: active.kid, keyRef: 'active anew' },
        { keyRef: 'standing' },
      ],
    },
  })
  expect(logged).toEqual([['info', 'key_renewed', { issuer: 'prod', kid: active.kid }]])
})
