import type { z } from 'zod'
import { type Command, parsed, perform, type Recorder } from './commands/command.ts'
import { issueInvite, openFirstLink, revokeInvite } from './commands/invites.ts'
import { issueLoginLink } from './commands/login-links.ts'
import { tellBackedUp, tellRebuilt, tellRestored, tellUpgraded, tellVerified } from './commands/recovery.ts'
import { grantRole, revokeRole } from './commands/roles.ts'
import { type Actor, operator } from './kernel/actor.ts'
import { Refusal } from './kernel/refusal.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { Rebuilt } from './ledger/rebuild.ts'
import { refused } from './ledger/standing.ts'

const commands = {
  ...{ issueInvite, revokeInvite, openFirstLink, grantRole, revokeRole, issueLoginLink },
  ...{ tellBackedUp, tellRebuilt, tellRestored, tellUpgraded, tellVerified },
}

/** What whoever runs the site may have done from the command line, by name, whether a server is running or not. */
export type OperatorCommand = keyof typeof commands
export type ResultOf<Name extends OperatorCommand> =
  (typeof commands)[Name] extends Command<infer _Who, infer _Input, infer Result> ? Result : never

export const isOperatorCommand = (name: string): name is OperatorCommand => Object.hasOwn(commands, name)

/** Throws a Refusal when no archive at all could make this input right. */
export function checkInput(name: OperatorCommand, input: unknown): void {
  parsed(commands[name].input as z.ZodType, input)
}

/** Throws a Refusal, as every command does. */
export function performAsOperator<Name extends OperatorCommand>(
  record: Recorder,
  name: Name,
  input: unknown,
): Promise<ResultOf<Name>> {
  // Each command takes the operator and parses its own input, so they may all be called alike.
  const command = commands[name] as unknown as Command<Actor, unknown, ResultOf<Name>>
  return perform(record, command, operator, input)
}

/** Keeps in the history that the operator had a cache made anew. */
export async function tellRebuild(
  ledger: Ledger,
  { records, seconds }: Pick<Rebuilt, 'records' | 'seconds'>,
) {
  // A cache can be made anew where nothing can be written.
  if (ledger.trouble()) return
  const milliseconds = Math.round(seconds * 1000)
  const told = { why: 'asked', schema: ledger.schemaHash, records, milliseconds }
  await performAsOperator(ledger.record, 'tellRebuilt', told)
}

/** What an operator reads when nothing can be saved is why, not that their words are still here. */
export async function forOperator<Result>(ledger: Ledger, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal && error.message === refused('not-saved').message)) throw error
    // Whoever waits is told before the ledger has seen what it comes to.
    await ledger.settled()
    const why = ledger.trouble()?.sentence ?? 'The disk took nothing just now, and it takes something again.'
    throw new Refusal('read-only', `Nothing was changed. ${why}`)
  }
}
