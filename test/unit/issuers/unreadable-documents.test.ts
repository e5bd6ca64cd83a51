import { expect, test } from 'vitest'
import { formatStoredIssuer } from '../../../src/issuers/issuer-codec.ts'
import { aKey, anIssuer, aRing } from '../../support/fixtures.ts'

test('a document that could not be read again is not made, and the message has no value of it', () => {
  const twice = [aKey({ kid: 'kid-a', slot: 'slot-a' }), aKey({ kid: 'kid-a', slot: 'slot-b' })]
  const broken = anIssuer({ ring: aRing({ keys: twice }) })
  expect(() => formatStoredIssuer(broken)).toThrow(
    expect.objectContaining({
      code: 'document_corrupt',
      message: `the document of issuer ${broken.id} would be one that cannot be read, wrong at ring: nothing was written`,
    }),
  )
})
