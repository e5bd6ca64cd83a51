/**
 * What can be done on the control API, by name: what `CONTROL_TRUST` opens and audit records say.
 *
 * Three actions are owner-equivalent: each lets its holder speak as any subject of the issuer. A sentence each, so that
 * whoever grants one knows what is given away.
 */

interface ControlActionEntry {
  /** Whether its holder can be any subject of the issuer. */
  readonly ownerEquivalent: boolean
  /** Whether it can be opened on some issuers and not on others. */
  readonly perIssuer: boolean
  readonly meaning: string
}

export const CONTROL_ACTIONS = {
  read: {
    ownerEquivalent: false,
    perIssuer: true,
    meaning:
      'Sees an issuer, its keys and its exchange policy; on all issuers also their list. Nothing of it is secret.',
  },
  rotate: {
    ownerEquivalent: false,
    perIssuer: true,
    meaning:
      'Has done what is due in the ring, by what the host sees or by what the caller says that it saw; the ring itself decides what is due.',
  },
  sweep: {
    ownerEquivalent: false,
    perIssuer: true,
    meaning:
      'Has keys deleted that the ring has forgotten, or takes such a deletion back; no key that signs or is published.',
  },
  create: {
    ownerEquivalent: false,
    perIssuer: false,
    meaning:
      'Makes issuers, each at a URL that stays theirs for ever: not owner of one that there is, but whoever trusts this host by its name alone may trust the new one.',
  },
  update: {
    ownerEquivalent: false,
    perIssuer: true,
    meaning:
      'Changes algorithm, custody and durations of an issuer: no token of its own, but it can have keys sign before every relying party knows them.',
  },
  delete: {
    ownerEquivalent: false,
    perIssuer: true,
    meaning:
      'Deletes an issuer for ever: no token of it verifies after that, and its id and URL are never given again.',
  },
  adopt: {
    ownerEquivalent: true,
    perIssuer: true,
    meaning:
      'Publishes public keys as those of the issuer: whoever has a private one signs what relying parties take for tokens of the issuer.',
  },
  mint: {
    ownerEquivalent: true,
    perIssuer: true,
    meaning: 'Mints tokens of the issuer for any subject and any audience.',
  },
  policy: {
    ownerEquivalent: true,
    perIssuer: true,
    meaning: 'Sets who may exchange what for which token, and so can make itself any subject.',
  },
} as const satisfies Readonly<Record<string, ControlActionEntry>>

export type ControlActionName = keyof typeof CONTROL_ACTIONS

export const CONTROL_ACTION_NAMES = Object.keys(CONTROL_ACTIONS) as readonly ControlActionName[]
