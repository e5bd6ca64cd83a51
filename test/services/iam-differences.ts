/**
 * What the life of an issuer in AWS IAM relies on, asked of moto.
 */

import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  type IAMClient,
  RemoveClientIDFromOpenIDConnectProviderCommand,
} from '@aws-sdk/client-iam'
import { randomUUID } from 'node:crypto'
import { answerOf, type Difference } from './difference.ts'

const AUDIENCE = 'sts.amazonaws.com'
const DONE = () => 'done'

export const IAM_DIFFERENCES: readonly Difference<IAMClient>[] = [
  {
    what: 'IAM: URL of a provider, as it is told',
    documented: 'without its scheme',
    probe: async (client) => {
      const { arn, url } = await provider(client)
      const { Url } = await client.send(
        new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }),
      )
      return Url === url.replace('https://', '') ? 'without its scheme' : 'in another way'
    },
  },
  {
    what: 'IAM: a second provider of the same URL',
    documented: '409 EntityAlreadyExistsException',
    probe: async (client) => {
      const { url } = await provider(client)
      return answerOf(client.send(creation(url)), DONE)
    },
  },
  {
    what: 'IAM: a provider whose URL is not https',
    documented: '400 InvalidInputException',
    otherwise: { moto: 'done' },
    probe: (client) => answerOf(client.send(creation('http://oidc.example.com/a')), DONE),
  },
  {
    what: 'IAM: a provider that there is not',
    documented: '404 NoSuchEntityException',
    probe: async (client) => {
      const { arn } = await provider(client)
      const named = { OpenIDConnectProviderArn: arn }
      await client.send(new DeleteOpenIDConnectProviderCommand(named))
      return answerOf(client.send(new GetOpenIDConnectProviderCommand(named)), DONE)
    },
  },
  {
    what: 'IAM: AddClientIDToOpenIDConnectProvider',
    documented: 'done',
    otherwise: { moto: '500' },
    probe: async (client) => {
      const { arn } = await provider(client)
      const input = { OpenIDConnectProviderArn: arn, ClientID: 'another' }
      return answerOf(client.send(new AddClientIDToOpenIDConnectProviderCommand(input)), DONE)
    },
  },
  {
    what: 'IAM: RemoveClientIDFromOpenIDConnectProvider',
    documented: 'done',
    otherwise: { moto: '500' },
    probe: async (client) => {
      const { arn } = await provider(client)
      const input = { OpenIDConnectProviderArn: arn, ClientID: AUDIENCE }
      return answerOf(client.send(new RemoveClientIDFromOpenIDConnectProviderCommand(input)), DONE)
    },
  },
]

function creation(url: string): CreateOpenIDConnectProviderCommand {
  // Without a thumbprint IAM asks the URL itself.
  const ThumbprintList = ['0123456789abcdef0123456789abcdef01234567']
  return new CreateOpenIDConnectProviderCommand({
    Url: url,
    ClientIDList: [AUDIENCE],
    ThumbprintList,
  })
}

async function provider(
  client: IAMClient,
): Promise<{ readonly arn: string; readonly url: string }> {
  const url = `https://oidc.example.com/${randomUUID()}`
  const { OpenIDConnectProviderArn: arn = '' } = await client.send(creation(url))
  return { arn, url }
}
