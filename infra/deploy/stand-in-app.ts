/**
 * The app with settings that are nobody's, for `npm run check:infra`: what CloudFormation and AWS's own rules for solutions
 * have against it fails the synthesis.
 */

import { Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { acknowledgeFindings } from '../issuer-host/nag-exceptions.ts'
import { signetApp } from '../signet-app.ts'
import { standInSettings } from './stand-in-settings.ts'

const { app, stack } = signetApp(standInSettings())
acknowledgeFindings(stack.host)
Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
app.synth()
