import { sealedKeyManager } from '../../src/adapters/signers/sealed/sealed-key-manager.ts'
import { describeKeyManager } from '../contract/key-manager.ts'

const secret = new Uint8Array(32).fill(1)

describeKeyManager('sealed', () => sealedKeyManager({ secret, deployment: 'https://oidc.example' }))
