/**
 * The app of one deployment: its stack as the settings describe it. Looks nothing up, so it is synthesized offline.
 */

import { App, type AppProps, type aws_cloudfront as cloudfront } from 'aws-cdk-lib'
import type { Settings } from './settings.ts'
import { SignetStack, type SignetStackProps } from './signet-stack.ts'

export interface SignetApp {
  readonly app: App
  readonly stack: SignetStack
}

/** What CloudFormation would refuse fails the synthesis, where the CDK would have warnings. */
const STRICT = { '@aws-cdk/core:strictCfnValidateErrors': true }

export function signetApp(settings: Settings, options: AppProps = {}): SignetApp {
  const app = new App({ ...options, context: { ...options.context, ...STRICT } })
  return { app, stack: new SignetStack(app, settings.stackName, stackPropsOf(settings)) }
}

function stackPropsOf(settings: Settings): SignetStackProps {
  const { stackName: _, region, hostedZone, alarmEmail, ...host } = settings
  const { logRetentionDays, priceClass, ...rest } = host
  return {
    ...(region !== undefined && { env: { region } }),
    hostedZone,
    alarmEmail,
    host: {
      ...rest,
      logRetention: logRetentionDays,
      priceClass: priceClass as cloudfront.PriceClass | undefined,
    },
  }
}
