import { awsWorld } from './aws-world.ts'
import { describeRingLife } from './describe-ring-life.ts'

describeRingLife({
  name: 'S3 and KMS',
  makeWorld: awsWorld,
  callsMax: 6,
  golden: 'first-rotation-aws.txt',
})
