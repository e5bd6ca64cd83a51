/**
 * A certificate for one name, signed with its own key, made anew each time (RFC 5280 §4.1).
 */

import { Buffer } from 'node:buffer'
import { generateKeyPairSync, sign } from 'node:crypto'

export interface SelfSigned {
  /** PEM. */
  readonly cert: string
  /** PEM. */
  readonly key: string
}

/** DER tags. */
const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const OBJECT_IDENTIFIER = 0x06
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
const SEQUENCE = 0x30
const SET = 0x31
const VERSION = 0xa0
const EXTENSIONS = 0xa3
const DNS_NAME = 0x82

const ECDSA_WITH_SHA256 = der(SEQUENCE, der(OBJECT_IDENTIFIER, hex('2a8648ce3d040302')))
const COMMON_NAME = der(OBJECT_IDENTIFIER, hex('550403'))
const SUBJECT_ALT_NAME = der(OBJECT_IDENTIFIER, hex('551d11'))

/** As long as the format of its times reaches. */
const VALIDITY = der(
  SEQUENCE,
  der(UTC_TIME, Buffer.from('200101000000Z')),
  der(UTC_TIME, Buffer.from('491231235959Z')),
)

export function selfSigned(dnsName: string): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, Buffer.from(dnsName)))),
  )
  const alternatives = der(SEQUENCE, der(DNS_NAME, Buffer.from(dnsName)))
  const toBeSigned = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, hex('02'))),
    der(INTEGER, hex('01')),
    ECDSA_WITH_SHA256,
    name,
    VALIDITY,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      EXTENSIONS,
      der(SEQUENCE, der(SEQUENCE, SUBJECT_ALT_NAME, der(OCTET_STRING, alternatives))),
    ),
  )
  const signature = sign('sha256', toBeSigned, privateKey)
  const certificate = der(
    SEQUENCE,
    toBeSigned,
    ECDSA_WITH_SHA256,
    der(BIT_STRING, hex('00'), signature),
  )
  const lines = (certificate.toString('base64').match(/.{1,64}/g) ?? []).join('\n')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const lengthBytes =
    length < 0x80 ? [length] : length < 0x1_00 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...lengthBytes]), content])
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex')
}
