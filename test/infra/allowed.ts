/**
 * What each role of a deployment may do, action by action, as a table that is written by hand.
 */

export type Row = readonly [
  action: string,
  resources: readonly string[],
  conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>,
]

const KEYS = 'arn:aws:kms:eu-central-1:111122223333:key/*'
const WRAPPING_KEY = 'HostWrappingKey.Arn'
const DOCUMENTS = 'HostDocumentsBucket.Arn'
const COPIES = 'HostStaticCopiesBucket.Arn'
export const KEY_SPECS = ['RSA_2048', 'ECC_NIST_P256']
const SIGNING_KEY = { 'kms:KeyUsage': 'SIGN_VERIFY', 'kms:KeySpec': KEY_SPECS }
const OURS = { 'aws:ResourceTag/signet:deployment': 'signet' }
const TAGS_OURS = { 'aws:RequestTag/signet:deployment': 'signet' }
const OUR_TAGS = { 'aws:TagKeys': ['signet:deployment', 'signet:issuer', 'signet:slot'] }
export const OUR_CONTEXT = { 'kms:EncryptionContext:signet:deployment': 'signet' }

const KINDS = ['issuers', 'locations', 'policies']

function below(bucket: string, kinds: readonly string[]): string[] {
  return kinds.map((kind) => `${bucket}/signet/${kind}/*`)
}

function ownLog(name: string): Row[] {
  const group = `HostFunctions${name}Log`
  const streams = `arn:aws:logs:eu-central-1:111122223333:log-group:${group}:*`
  return [
    ['logs:CreateLogStream', [streams]],
    ['logs:PutLogEvents', [streams]],
  ]
}

const SIGNING: readonly Row[] = [
  [
    'kms:Sign',
    [KEYS],
    {
      StringEquals: {
        ...OURS,
        'kms:MessageType': 'DIGEST',
        'kms:SigningAlgorithm': ['RSASSA_PKCS1_V1_5_SHA_256', 'ECDSA_SHA_256'],
      },
    },
  ],
  ['kms:Decrypt', [WRAPPING_KEY], { StringEquals: OUR_CONTEXT }],
]

const ENDING: Row[2] = { StringEquals: { ...OURS, ...SIGNING_KEY } }
const READING: Row[2] = { StringEquals: SIGNING_KEY }

const MAKING_KEYS: readonly Row[] = [
  [
    'kms:CreateKey',
    ['*'],
    {
      StringEquals: { ...TAGS_OURS, ...SIGNING_KEY },
      'ForAllValues:StringEquals': OUR_TAGS,
    },
  ],
  [
    'kms:TagResource',
    [KEYS],
    {
      StringEquals: TAGS_OURS,
      'ForAllValues:StringEquals': OUR_TAGS,
      StringEqualsIfExists: { ...OURS, ...SIGNING_KEY },
    },
  ],
  ['kms:ListKeys', ['*']],
  ['kms:ListResourceTags', [KEYS]],
  ['kms:DescribeKey', [KEYS], READING],
  ['kms:GetPublicKey', [KEYS], READING],
  ['kms:DisableKey', [KEYS], ENDING],
  ['kms:ScheduleKeyDeletion', [KEYS], ENDING],
  ['kms:CancelKeyDeletion', [KEYS], ENDING],
  [
    'kms:GenerateDataKeyPairWithoutPlaintext',
    [WRAPPING_KEY],
    { StringEquals: { ...OUR_CONTEXT, 'kms:DataKeyPairSpec': KEY_SPECS } },
  ],
]

export const ALLOWED: Readonly<Record<string, readonly Row[]>> = {
  HostRolesHttp: [
    ['s3:GetObject', below(DOCUMENTS, KINDS)],
    ['s3:ListBucket', [DOCUMENTS]],
    ...SIGNING,
    ...ownLog('Http'),
  ],
  HostRolesControl: [
    ['s3:GetObject', below(DOCUMENTS, KINDS)],
    ['s3:PutObject', below(DOCUMENTS, KINDS)],
    ['s3:ListBucket', [DOCUMENTS]],
    ...SIGNING,
    ['lambda:InvokeFunction', ['HostFunctionsRotate.Arn']],
    ...ownLog('Control'),
  ],
  HostRolesRotate: [
    ['s3:GetObject', below(DOCUMENTS, ['issuers'])],
    ['s3:PutObject', below(DOCUMENTS, ['issuers'])],
    ['s3:ListBucket', [DOCUMENTS]],
    ['s3:GetObject', [`${COPIES}/*/.well-known/*`]],
    ['s3:PutObject', [`${COPIES}/*/.well-known/*`]],
    ['s3:DeleteObject', [`${COPIES}/*/.well-known/*`]],
    ['s3:ListBucket', [COPIES]],
    ...MAKING_KEYS,
    ...SIGNING,
    ['sqs:SendMessage', ['HostDeadLetters.Arn']],
    ...ownLog('Rotate'),
  ],
  HostSchedulesRole: [
    ['lambda:InvokeFunction', ['HostFunctionsRotate.Arn']],
    ['sqs:SendMessage', ['HostDeadLetters.Arn']],
  ],
}
