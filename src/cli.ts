import { Command, CommanderError } from 'commander'
import { addBackupCommands } from './cli/backup.ts'
import { addCoverage } from './cli/coverage.ts'
import { addDeployCommands } from './cli/deploy.ts'
import { addDoctor } from './cli/doctor.ts'
import { addEditCommands } from './cli/edits.ts'
import { addHealthCommands } from './cli/health.ts'
import { inWords } from './cli/no-room.ts'
import { addOperatorCommands } from './cli/operator.ts'
import { exitCodeOf, print } from './cli/output.ts'
import { addSeedCommands } from './cli/seed.ts'
import { addServe } from './cli/serve.ts'
import { versionOf } from './cli/version.ts'

const program = new Command('thywill')
  .description('A prayer community whose every word is kept first in a readable archive.')
  .version(versionOf(), '--version', 'say which version this is')
  .exitOverride()
  .showHelpAfterError('(--help says how)')
addServe(program)
addHealthCommands(program)
addEditCommands(program)
addDeployCommands(program)
addCoverage(program)
addDoctor(program)
addBackupCommands(program)
addOperatorCommands(program)
addSeedCommands(program)

try {
  await program.parseAsync()
} catch (error) {
  const sentence = inWords(error)
  if (error instanceof CommanderError) {
    // Commander has said what is wrong; help and version are no mistakes.
    process.exitCode = error.exitCode === 0 ? 0 : 2
  } else {
    process.stderr.write(`${sentence}\n`)
    process.exitCode = exitCodeOf(error)
  }
  // Whoever asked for JSON reads JSON, whatever happened.
  if (process.exitCode !== 0 && process.argv.includes('--json'))
    print(true, { error: sentence, exitCode: process.exitCode }, [])
}
