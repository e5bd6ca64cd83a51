/**
 * The stack as a template for those who do not use the CDK: parameters in place of settings, and the code of the functions in a
 * bucket of theirs. Nothing of the CDK is needed to deploy it: no bootstrap, no assets.
 */

import {
  aws_lambda as lambda,
  aws_sns as sns,
  BootstraplessSynthesizer,
  CfnCondition,
  Fn,
  type IStackSynthesizer,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { type OfEachFunction, ofEachFunction } from '../issuer-host/each-function.ts'
import { SignetStack } from '../signet-stack.ts'
import {
  declareParameters,
  listParameter,
  numberParameter,
  textParameter,
} from './release-parameters.ts'

export class ReleaseStack extends SignetStack {
  /** `archives`: names of the files below `CodePrefix`. */
  constructor(scope: Construct, id: string, archives: OfEachFunction<string>) {
    super(scope, id, {
      // Its type has optional members that may be undefined, which the interface does not know.
      synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
      description: 'Signet: OpenID Connect issuers (released template)',
      host: {
        domainNames: listParameter('DomainNames'),
        certificateArn: textParameter('CertificateArn'),
        deployment: textParameter('Deployment'),
        // Of those that the parameter takes.
        defaultCustody: textParameter('DefaultCustody') as 'kms',
        logRetention: numberParameter('LogRetentionDays'),
        bundles: ofEachFunction((name) => new UploadedCode(archives[name])),
      },
    })
    declareParameters(this)
    this.subscribe()
  }

  private subscribe(): void {
    const hasAlarmEmail = new CfnCondition(this, 'HasAlarmEmail', {
      expression: Fn.conditionNot(Fn.conditionEquals(textParameter('AlarmEmail'), '')),
    })
    const subscription = new sns.CfnSubscription(this, 'AlarmEmailSubscription', {
      topicArn: this.alarmTopic.topicArn,
      protocol: 'email',
      endpoint: textParameter('AlarmEmail'),
    })
    subscription.cfnOptions.condition = hasAlarmEmail
  }
}

/** An archive that whoever deploys has copied to a bucket. */
class UploadedCode extends lambda.Code {
  readonly isInline = false
  readonly #archive: string

  constructor(archive: string) {
    super()
    this.#archive = archive
  }

  override bind(): lambda.CodeConfig {
    return {
      s3Location: {
        bucketName: textParameter('CodeBucket'),
        objectKey: Fn.join('', [textParameter('CodePrefix'), this.#archive]),
      },
    }
  }
}
