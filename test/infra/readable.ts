/**
 * The app's template as one reads it: intrinsic functions as names, which are logical ids without their hashes.
 */

import {
  type PhysicalNames,
  resolved,
  resourcesOf,
  type Template,
} from '../support/aws/template.ts'

const HASH = /[0-9A-F]{8}$/

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-central-1',
  'AWS::AccountId': '111122223333',
}

const NAMES: PhysicalNames = {
  ref: (id) => PSEUDO[id] ?? id.replace(HASH, ''),
  attribute: (id, name) => {
    const scheme = name === 'ApiEndpoint' ? 'https://' : ''
    return `${scheme}${id.replace(HASH, '')}.${name}`
  },
}

export type Properties = Readonly<Record<string, unknown>>

export interface ReadableResource {
  readonly id: string
  readonly properties: Properties
}

/** All of a type, by readable id, in their order. */
export function readable(template: Template, type: string): ReadableResource[] {
  return resourcesOf(template, type)
    .map(([id, { Properties = {} }]) => ({
      id: id.replace(HASH, ''),
      properties: resolved(Properties, NAMES) as Properties,
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** The one of a type whose id ends so. */
export function readableOne(template: Template, type: string, idEnd: string): Properties {
  const found = readable(template, type).filter(({ id }) => id.endsWith(idEnd))
  const [one] = found
  if (one === undefined || found.length > 1) {
    throw new TypeError(`there is not one ${type} whose id ends in ${idEnd}`)
  }
  return one.properties
}

/** What is at the end of a path of members and places; `undefined` where there is nothing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce(
    (found: unknown, step) => (found as Readonly<Record<string, unknown>> | undefined)?.[step],
    value,
  )
}
