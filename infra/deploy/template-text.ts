/**
 * Values of a CloudFormation template as a person reads them: `{Ref: X}` as `{X}`, what is joined as one text.
 *
 * For reading alone: two different values may come out as one text.
 */

import { isJsonObject } from '../../src/json.ts'

const PSEUDO = 'AWS::'

export function templateText(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(templateText).join(', ')
  if (!isJsonObject(value)) return JSON.stringify(value) ?? ''
  const [name = '', ...others] = Object.keys(value)
  return others.length === 0 ? intrinsicText(name, value[name], value) : JSON.stringify(value)
}

function intrinsicText(name: string, given: unknown, whole: unknown): string {
  const parts: unknown[] = Array.isArray(given) ? given : [given]
  switch (name) {
    case 'Ref':
      return `{${templateText(given).replace(PSEUDO, '')}}`
    case 'Fn::GetAtt':
      return `{${parts.map(templateText).join('.')}}`
    case 'Fn::Join':
      return joined(parts)
    case 'Fn::Sub':
      return templateText(parts[0]).replaceAll('${', '{').replaceAll(PSEUDO, '')
    case 'Fn::Select':
      return `${templateText(parts[1])}[${templateText(parts[0])}]`
    default:
      return JSON.stringify(whole)
  }
}

function joined([separator, list]: readonly unknown[]): string {
  const parts: readonly unknown[] = Array.isArray(list) ? list : [list]
  return parts.map(templateText).join(templateText(separator))
}
