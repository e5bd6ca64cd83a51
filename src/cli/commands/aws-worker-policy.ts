/**
 * `signet aws worker-policy`: the IAM policy for the access key with which a Worker calls AWS KMS.
 *
 * Asks nobody: it is made of what it is told. Accounts and ARNs are in the policy and in no message.
 */

import { Command } from 'commander'
import { REGION } from '../../adapters/aws/kms-settings.ts'
import { policyDocument } from '../../adapters/aws/permissions/iam-statement.ts'
import type { Place } from '../../adapters/aws/permissions/place.ts'
import { workerStatements } from '../../adapters/aws/permissions/worker-key.ts'
import { parseHostConfig } from '../../config/host-config.ts'
import { shown } from '../../printable.ts'
import { usageError } from '../exit.ts'
import { textOption } from '../options.ts'
import { json, note } from '../output.ts'

/** Of IAM, without white space: a managed policy, and all inline policies of a user together. */
const MANAGED_POLICY_CHARS_MAX = 6144
const INLINE_POLICIES_CHARS_MAX = 2048

const ACCOUNT = /^\d{12}$/
const PARTITION = /^aws(?:-[a-z]+)*$/
const KEY_ARN =
  /^arn:(?<partition>[a-z-]+):kms:(?<region>[a-z\d-]+):(?<account>\d{12}):key\/[\w-]{1,64}$/

/** By the beginning of a region's name. */
const PARTITIONS = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
] as const

interface WorkerPolicyOptions {
  readonly region: string
  readonly account: string
  readonly deployment?: string
  readonly wrappingKey?: string
  readonly partition?: string
}

const EXAMPLE = `
Example:
  npx signet aws worker-policy --region eu-central-1 --account 111122223333 >policy.json`

export function workerPolicyCommand(): Command {
  return new Command('worker-policy')
    .summary("print the IAM policy for a Worker's access key")
    .description(
      'print the IAM policy for the access key with which a Worker makes, uses and ends keys in AWS KMS: as JSON, and what to do with it to standard error',
    )
    .addOption(
      textOption(
        '--region <region>',
        'of the keys: AWS_REGION of the Worker',
      ).makeOptionMandatory(),
    )
    .addOption(
      textOption('--account <id>', 'the 12 digits of the AWS account').makeOptionMandatory(),
    )
    .addOption(textOption('--deployment <name>', 'DEPLOYMENT of the Worker (default: signet)'))
    .addOption(
      textOption(
        '--wrapping-key <arn>',
        'of the symmetric key that KMS_WRAPPING_KEY names (default: no key is wrapped)',
      ),
    )
    .addOption(
      textOption('--partition <partition>', 'of AWS (default: that of the region, such as aws)'),
    )
    .addHelpText('after', EXAMPLE)
    .action(printWorkerPolicy)
}

function printWorkerPolicy(options: WorkerPolicyOptions): void {
  const place = placeOf(options)
  const policy = policyDocument(workerStatements(place, wrappingKeyOf(options, place)))
  json(policy)
  for (const sentence of sentences(JSON.stringify(policy).length)) note(sentence)
}

function sentences(chars: number): readonly string[] {
  return [
    `This policy has ${chars} characters as IAM counts them: make a managed policy of it, which may have ${MANAGED_POLICY_CHARS_MAX} (the inline policies of a user may have ${INLINE_POLICIES_CHARS_MAX} together), and attach it to an IAM user that has no other.`,
    'Give the Worker an access key of that user as its secrets AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    "Name the user's own ARN in KMS_SIGNERS too: a key in KMS signs for those alone that its own policy names.",
  ]
}

function placeOf(options: WorkerPolicyOptions): Place {
  const { region, account, deployment = 'signet' } = options
  if (!REGION.test(region)) {
    throw usageError(`--region must be an AWS region such as eu-central-1, got ${shown(region)}`)
  }
  if (!ACCOUNT.test(account)) {
    throw usageError('--account must be the 12 digits of an AWS account, got something else')
  }
  const problems: string[] = []
  // By the rule of the Worker itself; the URL is one that is always right.
  parseHostConfig({ PUBLIC_URL: 'https://localhost', DEPLOYMENT: deployment }, problems)
  const [problem] = problems
  if (problem !== undefined) throw usageError(problem.replace('DEPLOYMENT', '--deployment'))
  return { partition: partitionOf(options), region, account, deployment }
}

function partitionOf({ region, partition }: WorkerPolicyOptions): string {
  const [, its = 'aws'] = PARTITIONS.find(([beginning]) => region.startsWith(beginning)) ?? []
  if (partition === undefined || PARTITION.test(partition)) return partition ?? its
  throw usageError(
    `--partition must be a partition of AWS such as aws or aws-cn, got ${shown(partition)}`,
  )
}

function wrappingKeyOf({ wrappingKey }: WorkerPolicyOptions, place: Place): string | undefined {
  if (wrappingKey === undefined) return undefined
  const { partition, region, account } = KEY_ARN.exec(wrappingKey)?.groups ?? {}
  if (region === undefined) {
    throw usageError(
      '--wrapping-key must be the ARN of a KMS key, got something else: give that of the key itself, since IAM looks at no alias',
    )
  }
  if (region === place.region && account === place.account && partition === place.partition) {
    return wrappingKey
  }
  throw usageError(
    '--wrapping-key must be of the same partition, region and account, got a key of another one: a Worker calls KMS in one region',
  )
}
