/**
 * Tables in a Markdown file, between markers: `<!-- costs:NAME -->` and `<!-- /costs:NAME -->`.
 */

/** The text with each table in its place. Throws a TypeError for a table without a place, and for a place without a table. */
export function withTables(text: string, tables: Readonly<Record<string, string>>): string {
  const missing = new Set(Object.keys(tables))
  const written = text.replaceAll(PLACE, (_, name: string) => {
    const table = tables[name]
    if (table === undefined || !missing.delete(name)) {
      throw new TypeError(`there is no table ${name}, or it has two places`)
    }
    return `<!-- costs:${name} -->\n${table}\n<!-- /costs:${name} -->`
  })
  if (missing.size > 0) throw new TypeError(`no place for ${[...missing].join(', ')}`)
  return written
}

const PLACE = /<!-- costs:([a-z-]+) -->\n(?:[^<]*\n)?<!-- \/costs:\1 -->/gu
