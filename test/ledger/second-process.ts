import { createInterface } from 'node:readline'
import { realDisk } from '../../src/archive/disk.ts'
import { catalogue } from '../../src/catalogue.ts'
import { perform } from '../../src/commands/command.ts'
import { issueInvite } from '../../src/commands/invites.ts'
import { operator } from '../../src/kernel/actor.ts'
import { world } from '../../src/kernel/stamp.ts'
import { followArchive } from '../../src/ledger/follow.ts'
import { openLedger } from '../../src/ledger/ledger.ts'

/*
 * A process with a ledger of its own, for the tests of what a second one may do. Says one line of JSON for each line it
 * is told: "write", "invites", "trouble", "sentence", "close".
 */

const [archive = '', cache = '', secrets = ''] = process.argv.slice(2)
const say = (answer: unknown) => process.stdout.write(`${JSON.stringify(answer ?? null)}\n`)
const options = { disk: realDisk, source: world, archive, cache, secrets, catalogue, isReadOnly: false }

const ledger = await openLedger(options)
const following = followArchive(ledger, (error) => say({ error: String(error) }))
say({ trouble: ledger.trouble()?.why ?? null, reports: ledger.reports })

const answers: Record<string, () => unknown> = {
  write: () =>
    perform(ledger.record, issueInvite, operator, {}).then(
      () => 'saved',
      (error) => error.reason,
    ),
  invites: () => ledger.cache().sqlite.prepare('select count(*) from invites').pluck().get(),
  trouble: () => ledger.trouble()?.why,
  sentence: () => ledger.trouble()?.sentence,
  close: async () => {
    await following.close()
    await ledger.close()
    process.exitCode = 0
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  say(await answers[line]?.())
  if (line === 'close') break
}
