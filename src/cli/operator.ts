import { type Command, InvalidArgumentError } from 'commander'
import { realDisk } from '../archive/disk.ts'
import { archiveFiles } from '../archive/files.ts'
import { type Config, environment, readConfig } from '../config.ts'
import { askServer } from '../ledger/control.ts'
import {
  checkInput,
  forOperator,
  type OperatorCommand,
  performAsOperator,
  type ResultOf,
} from '../operator.ts'
import { ledgerOptions } from '../wiring.ts'
import { print, UsedWrongly } from './output.ts'
import { openForCommand } from './record.ts'

interface Json {
  json?: boolean
}

/** Invites, roles and login links: commands that write, by the running server when there is one. */
export function addOperatorCommands(program: Command): void {
  program
    .command('invite')
    .description('print a link by which somebody joins')
    .option('--admin', 'whoever claims it becomes an admin')
    .option('--uses <n>', 'how many people it is for', wholeNumber, 1)
    .option('--hours <n>', 'how long it is open', wholeNumber, 168)
    .option('--json')
    .action(
      async ({
        admin = false,
        uses,
        hours,
        json,
      }: Json & { admin?: boolean; uses: number; hours: number }) => {
        const config = readConfig(environment())
        const { token, expiresAt } = await hand(config, 'issueInvite', { admin, seats: uses, hours })
        const url = `${config.baseUrl}/claim/${token}`
        print(json, { url, expiresAt }, [url, `Open until ${expiresAt}.`])
      },
    )

  program
    .command('login-link <name>')
    .description('print a link by which a member comes back, once, within 30 minutes')
    .option('--json')
    .action(async (name: string, { json }: Json) => {
      const config = readConfig(environment())
      const link = await hand(config, 'issueLoginLink', { name })
      const url = `${config.baseUrl}/sign-in/${link.token}`
      print(json, { url, expiresAt: link.expiresAt }, [url, `For ${link.name}, until ${link.expiresAt}.`])
    })

  const admin = program.command('admin').description('who looks after the site')
  for (const [verb, name, done] of [
    ['grant', 'grantRole', 'is an admin now'],
    ['revoke', 'revokeRole', 'is no admin now'],
  ] as const) {
    admin
      .command(`${verb} <name>`)
      .description(`${verb} the role of an admin`)
      .option('--json')
      .action(async (who: string, { json }: Json) => {
        const changed = await hand(readConfig(environment()), name, { name: who, role: 'admin' })
        print(json, changed, [`${changed.name} ${done}.`])
      })
  }
}

/** Has the running server do it, or takes the lock and does it. */
export async function hand<Name extends OperatorCommand>(
  config: Config,
  name: Name,
  input: unknown,
): Promise<ResultOf<Name>> {
  checkInput(name, input)
  const answered = await askServer(config.cacheDir, { name, input })
  // The server is of this project: what it answers to a command is that command's result.
  if (answered) return answered.result as ResultOf<Name>
  if (name !== 'issueInvite' && archiveFiles(realDisk, config.archiveDir).segments.length === 0)
    throw new UsedWrongly(`Nobody is here yet: ${config.archiveDir} holds no archive.`)
  const ledger = await openForCommand(ledgerOptions(config))
  try {
    return await forOperator(ledger, () => performAsOperator(ledger.record, name, input))
  } finally {
    await ledger.close()
  }
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.')
  return Number(text)
}
