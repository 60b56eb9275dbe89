import { type Command, InvalidArgumentError } from 'commander'
import { type Config, environment, readConfig } from '../config.ts'
import { type Role, roles } from '../kernel/actor.ts'
import { checkInput, type OperatorCommand, performAsOperator, type ResultOf } from '../operator.ts'
import { byServerOrHere } from './here.ts'
import { print, requireSomebody } from './output.ts'

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

  const admin = program
    .command('admin')
    .description('who looks after the site, and who is of the prayer team')
  admin
    .command('grant <name>')
    .description('give somebody a role')
    .option('--role <role>', `one of: ${roles.join(', ')}`, 'admin')
    .option('--until <day>', 'the last day on which it counts, like 2027-03-31')
    .option('--json')
    .action(async (who: string, { json, role, until }: GrantOptions) => {
      const changed = await hand(readConfig(environment()), 'grantRole', { name: who, role, until })
      const end = until === undefined ? '' : `, until the end of ${until}`
      print(json, changed, [`${changed.name} is ${called[role as Role]} now${end}.`])
    })
  admin
    .command('revoke <name>')
    .description('take a role back')
    .option('--role <role>', `one of: ${roles.join(', ')}`, 'admin')
    .option('--json')
    .action(async (who: string, { json, role }: GrantOptions) => {
      const changed = await hand(readConfig(environment()), 'revokeRole', { name: who, role })
      print(json, changed, [`${changed.name} is no longer ${called[role as Role]}.`])
    })
}

interface GrantOptions extends Json {
  /** One of the roles: the command has refused anything else before it is said. */
  role: string
  until?: string
}

const called: Readonly<Record<Role, string>> = {
  admin: 'an admin',
  moderator: 'a moderator',
  team: 'of the prayer team',
}

/** Has the running server do it, or takes the lock and does it. */
export async function hand<Name extends OperatorCommand>(
  config: Config,
  name: Name,
  input: unknown,
): Promise<ResultOf<Name>> {
  checkInput(name, input)
  if (name !== 'issueInvite') requireSomebody(config)
  return byServerOrHere(config, { name, input }, ({ record }) => performAsOperator(record, name, input))
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.')
  return Number(text)
}
