/**
 * The limit of an exchange: one ES256 signature verified and one made, through WebCrypto, and nothing else.
 */

/** About as long as the signing inputs of the tokens: that of a subject token, and that of an issued one. */
const VERIFIED_BYTES = 950
const SIGNED_BYTES = 700

export type LimitParameters = readonly [verifiedBytes: number, signedBytes: number]

export const LIMIT_PARAMETERS: LimitParameters = [VERIFIED_BYTES, SIGNED_BYTES]

/** By the algorithm that signs. Rejects when a signature does not verify. */
export type WebCryptoLimit = Readonly<Record<'ES256' | 'RS256', () => Promise<void>>>

/**
 * Keys are imported once, as whoever serves has imported them. Uses nothing of this module: its text is what runs in workerd.
 */
export async function webCryptoLimit(
  ...[verifiedBytes, signedBytes]: LimitParameters
): Promise<WebCryptoLimit> {
  const { subtle } = crypto
  const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const rsaKey = { ...rsa, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }
  const verified = new Uint8Array(verifiedBytes).fill(0x61)
  const signed = new Uint8Array(signedBytes).fill(0x62)

  async function imported(
    algorithm: typeof ecdsa | typeof rsaKey,
    usage: 'sign' | 'verify',
  ): Promise<{ readonly key: CryptoKey; readonly privateKey: CryptoKey }> {
    const pair = await subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const jwk = await subtle.exportKey('jwk', usage === 'sign' ? pair.privateKey : pair.publicKey)
    const key = await subtle.importKey('jwk', jwk, algorithm, false, [usage])
    return { key, privateKey: pair.privateKey }
  }

  const subject = await imported(ecdsa, 'verify')
  const signature = await subtle.sign(ecdsa, subject.privateKey, verified)
  const es256 = await imported(ecdsa, 'sign')
  const rs256 = await imported(rsaKey, 'sign')

  async function verify(): Promise<void> {
    const isRight = await subtle.verify(ecdsa, subject.key, signature, verified)
    if (!isRight) throw new Error('a signature did not verify')
  }

  return {
    ES256: async () => {
      await verify()
      await subtle.sign(ecdsa, es256.key, signed)
    },
    RS256: async () => {
      await verify()
      await subtle.sign(rsa, rs256.key, signed)
    },
  }
}
