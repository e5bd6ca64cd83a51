/**
 * What the CDK's command line runs: `cdk synth --app 'node infra/app.ts'`.
 */

import { readUsualSettings } from './settings.ts'
import { signetApp } from './signet-app.ts'

signetApp(readUsualSettings()).app.synth()
