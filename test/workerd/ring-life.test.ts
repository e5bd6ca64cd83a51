import { describeRingLife } from '../ring-life/describe-ring-life.ts'
import { workerWorld } from './worker-ring-world.ts'

describeRingLife({
  name: 'the Worker',
  makeWorld: workerWorld,
  callsMax: 8,
  golden: 'first-rotation-worker.txt',
})
