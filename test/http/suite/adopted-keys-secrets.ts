/**
 * Private material that was sent by mistake: refused, and repeated nowhere.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import { adopt, type AdoptRequest, createIssuer } from '../../support/hosts/control-client.ts'
import { clusterKey } from '../../support/hosts/cluster-keys.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'

const MARKS = ['marked-private', 'marked-symmetric']

export function describeAdoptedKeysSecrets(getHost: () => TestHost): void {
  let shared = ''

  beforeAll(async () => {
    shared = (await createIssuer(getHost())).id
  })

  describe('private material that was refused', () => {
    test.each([2048, 'P-256', 'P-521', 'Ed25519'] as const)(
      'of type %s is in no answer and no log line',
      async (type) => {
        const { secret, pem: publicPem } = clusterKey(type)
        const marked = { ...secret.jwk, kid: 'x', p: 'marked-private' }
        const attempts: AdoptRequest[] = [
          { keys: secret.jwk },
          { keys: { keys: [clusterKey('P-384').jwk, marked] } },
          { keys: { kty: 'oct', k: 'marked-symmetric' } },
          { keys: secret.pem },
          { keys: `${publicPem}${secret.pem}` },
          { keys: secret.pem.replaceAll('PRIVATE KEY', 'PUBLIC KEY') },
          { keys: secret.pem.replaceAll('PRIVATE KEY', 'ENCRYPTED PRIVATE KEY') },
          { keys: secret.pem.replaceAll('PRIVATE KEY', 'OPENSSH PRIVATE KEY') },
          { keys: secret.pem.slice(0, 100) },
          { keys: JSON.stringify(secret.jwk).slice(0, -1), type: 'application/json' },
          { keys: secret.pem, type: 'text/plain' },
          { keys: JSON.stringify(secret.jwk), type: 'application/json', query: '?evil=1' },
        ]
        const answers: string[] = []
        for (const attempt of attempts) {
          const response = await adopt(getHost(), shared, attempt)
          expect([400, 415]).toContain(response.status)
          answers.push(JSON.stringify(response))
        }
        for (const text of [...answers, ...getHost().logLines()]) {
          for (const mark of [...secret.marks, ...MARKS]) {
            expect(text.includes(mark), `a secret in ${text.slice(0, 200)}`).toBe(false)
          }
        }
      },
    )
  })
}
