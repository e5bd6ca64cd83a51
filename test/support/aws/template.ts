/**
 * A CloudFormation template as data: its resources, and the intrinsic functions in it resolved to names that a test chooses.
 *
 * A function that is not known here throws, and so does a name that nobody has chosen.
 */

import { isJsonObject } from '../../../src/json.ts'

export interface TemplateResource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  readonly Condition?: string
  readonly DeletionPolicy?: string
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>
  readonly Parameters?: Readonly<Record<string, unknown>>
  readonly Conditions?: Readonly<Record<string, unknown>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>
}

/** What CloudFormation knows once everything is there. `undefined`: nobody has chosen it. */
export interface PhysicalNames {
  /** Of a resource or a pseudo parameter such as `AWS::Region`. */
  ref(logicalId: string): string | undefined
  attribute(logicalId: string, name: string): string | undefined
}

/** Resources of this type, by logical id. */
export function resourcesOf(template: Template, type: string): [id: string, TemplateResource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type)
}

/** A deep copy of `value` without intrinsic functions; members that are `AWS::NoValue` are left out. */
export function resolved(value: unknown, names: PhysicalNames): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => resolved(each, names)).filter((each) => each !== NO_VALUE)
  }
  if (!isJsonObject(value)) return value
  const [first, ...others] = Object.entries(value)
  const [name, argument] = first ?? ['', undefined]
  const isFunction = others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))
  if (isFunction) return called(name, argument, names)
  const members = Object.entries(value).map(([key, each]) => [key, resolved(each, names)] as const)
  return Object.fromEntries(members.filter(([, each]) => each !== NO_VALUE))
}

const NO_VALUE = Symbol('AWS::NoValue')

function called(name: string, argument: unknown, names: PhysicalNames): unknown {
  if (name === 'Ref') return argument === 'AWS::NoValue' ? NO_VALUE : refOf(String(argument), names)
  if (name === 'Fn::Sub') return substituted(argument, names)
  const given = resolved(argument, names)
  switch (name) {
    case 'Fn::GetAtt':
      return attributeOf(given, names)
    case 'Fn::Join': {
      const [separator, parts] = given as [string, string[]]
      return parts.join(separator)
    }
    case 'Fn::Select': {
      const [index, list] = given as [number | string, unknown[]]
      return list[Number(index)]
    }
    case 'Fn::Split': {
      const [separator, text] = given as [string, string]
      return text.split(separator)
    }
    default:
      throw new TypeError(`no test resolves the intrinsic function ${name}`)
  }
}

function refOf(id: string, names: PhysicalNames): string {
  const found = names.ref(id)
  if (found === undefined) throw new TypeError(`nobody has chosen a name for ${id}`)
  return found
}

function attributeOf(given: unknown, names: PhysicalNames): string {
  const [id = '', name = ''] =
    typeof given === 'string' ? given.split(/\.(.*)/) : (given as string[])
  const found = names.attribute(id, name)
  if (found === undefined) throw new TypeError(`nobody has chosen the ${name} of ${id}`)
  return found
}

function substituted(argument: unknown, names: PhysicalNames): string {
  const [text, own = {}] = (typeof argument === 'string' ? [argument] : argument) as [
    string,
    Readonly<Record<string, unknown>>?,
  ]
  return text.replaceAll(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
    if (literal !== '') return `\${${name}}`
    if (name in own) return String(resolved(own[name], names))
    return name.includes('.') ? attributeOf(name, names) : refOf(name, names)
  })
}
