/**
 * Complete answers as golden files: status, every header, body.
 *
 * What is random or differs from host to host has a placeholder, so all hosts match the same files.
 */

import { join } from 'node:path'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'

const GOLDEN = join(import.meta.dirname, '../../golden/http')

/** The file of that name. */
export function goldenFile(name: string): string {
  return join(GOLDEN, `${name}.http`)
}

/** `revisionWhenNew`: of the issuer; the files count from 1. */
export function goldenText(
  { status, headers, body }: TestResponse,
  names: Readonly<Record<string, string>>,
  revisionWhenNew = 1,
): string {
  const shown = Object.entries(headers)
    // Whether a length is announced is the transport's choice; that it is right is tested on its own.
    .filter(([header]) => header !== 'content-length')
    .map(([header, value]) => `${header}: ${header === 'etag' ? etagForm(value) : value}`)
    .toSorted()
  const text = [`HTTP ${status}`, ...shown, '', body].join('\n')
  return countedFromOne(normalized(text, names), revisionWhenNew)
}

/** What differs between two runs, each with the placeholder that stands for it. */
export function namesOf(host: TestHost, id: string): Readonly<Record<string, string>> {
  const { host: authority } = new URL(host.baseUrl)
  return { [host.baseUrl]: '{base}', [authority]: '{host}', [id]: '{issuer}' }
}

function normalized(text: string, names: Readonly<Record<string, string>>): string {
  const named = Object.entries(names).reduce((all, [from, to]) => all.replaceAll(from, to), text)
  return (
    named
      .replaceAll(/"kid":"[\w-]{43}"/g, '"kid":"{kid}"')
      .replaceAll(/"n":"[\w-]{342}"/g, '"n":"{n}"')
      .replaceAll(/"([xy])":"[\w-]{43}"/g, '"$1":"{$1}"')
      .replaceAll(/\b1\d{9}\b/g, '{moment}')
      // How old documents may be depends on the store that they are read from.
      .replaceAll(/"(documentStaleness|retention)Seconds":\d+/g, '"$1Seconds":{seconds}')
  )
}

function countedFromOne(text: string, revisionWhenNew: number): string {
  return text.replaceAll(
    /(?<=^signet-ring-version: |"ringVersion":)\d+/gm,
    (version) => `${Number(version) - revisionWhenNew + 1}`,
  )
}

function etagForm(etag: string): string {
  return etag.replace(/^"[\w-]{43}"$/, '"{sha256}"')
}
