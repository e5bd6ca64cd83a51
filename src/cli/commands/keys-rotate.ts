/**
 * `signet keys rotate`: what is due in one ring or in all of them, for a job of the user's own.
 */

import { Command } from 'commander'
import { systemClock } from '../../clock.ts'
import type { RotateBody } from '../../control/schemas.ts'
import type { RotationAnswer } from '../host/rotation-answers.ts'
import { addTargetOptions, openTarget, type TargetOptions } from '../host/target.ts'
import { data, json } from '../output.ts'
import { forEachIssuer } from './each-issuer.ts'
import {
  type ChangeCounts,
  countChanges,
  doneSentence,
  NO_CHANGES,
  planSentence,
  rotationLines,
  sumOf,
} from './rotation-text.ts'

const EXAMPLES = `
Safe at any time, twice and in parallel; what waits is no failure. Run it every 15 minutes where the host does not:

  # crontab
  */15 * * * *  npx signet keys rotate --url https://oidc.example.com --secret-file /etc/signet/control-secret

  # Kubernetes
  apiVersion: batch/v1
  kind: CronJob
  metadata: { name: signet-rotate }
  spec:
    schedule: "*/15 * * * *"
    concurrencyPolicy: Forbid
    jobTemplate:
      spec:
        template:
          spec:
            restartPolicy: Never
            containers:
              - name: signet
                image: YOUR-IMAGE-WITH-SIGNET
                command: [sh, -c, npx signet keys rotate --url https://oidc.example.com --secret-file - < /secret/control-secret]
                volumeMounts: [{ name: secret, mountPath: /secret, readOnly: true }]
            volumes:
              - name: secret
                secret: { secretName: signet-control, defaultMode: 0400 }`

interface RotateOptions extends TargetOptions {
  readonly dryRun?: true
}

export function rotateCommand(): Command {
  const command = new Command('rotate')
    .description('do what is due in the ring of an issuer, or of every issuer')
    .argument('[issuer]', 'its id (default: every issuer)')
    .option('--dry-run', 'print the plan and change nothing')
    .action(async (id: string | undefined, options: RotateOptions) => {
      const client = await openTarget(options)
      const body: RotateBody = options.dryRun ? { dryRun: true } : {}
      if (id !== undefined) {
        const report = await client.rotate(id, body)
        if (options.json) return json(report)
        return printRotation(report)
      }
      const reports: RotationAnswer[] = []
      const result = await forEachIssuer(await client.listIssuers(), 'rotated', async (each) => {
        const report = await client.rotate(each, body)
        reports.push(report)
        if (!options.json) data(rotationLines(report, systemClock.now()).join('\n'))
      })
      if (options.json) json(reports)
      else if (reports.length > 0) {
        const counts = reports.map(countChanges).reduce(sumOf, NO_CHANGES)
        data(`\n${totalOf(counts, options.dryRun)}`)
      }
      result.throwIfFailed()
    })
  return addTargetOptions(command).addHelpText('after', EXAMPLES)
}

/** Of one issuer. */
export function printRotation(report: RotationAnswer): void {
  data(rotationLines(report, systemClock.now()).join('\n'))
  data(`\n${totalOf(countChanges(report), report.dryRun || undefined)}`)
}

function totalOf(counts: ChangeCounts, dryRun: true | undefined): string {
  return dryRun ? planSentence(counts) : doneSentence(counts)
}
