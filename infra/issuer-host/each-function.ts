/**
 * The functions of an issuer host, by name: something of each.
 */

import type { LambdaName } from '../../functions/bundle.ts'

export const LAMBDA_NAMES = ['http', 'control', 'rotate'] as const satisfies readonly LambdaName[]

export type OfEachFunction<T> = Readonly<Record<LambdaName, T>>

export function ofEachFunction<T>(make: (name: LambdaName) => T): OfEachFunction<T> {
  return { http: make('http'), control: make('control'), rotate: make('rotate') }
}

/** As a construct is called. */
export function constructId(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1)
}
