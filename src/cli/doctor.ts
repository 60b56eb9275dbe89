import type { Command } from 'commander'
import { type Config, ConfigMistakes, environment, readConfig } from '../config.ts'
import { Silent } from '../ledger/control.ts'
import type { Finding } from '../reports/checks/finding.ts'
import type { Standing } from '../reports/checks/server.ts'
import { type DoctorReport, doctorReport, withoutConfig } from '../reports/doctor.ts'
import { ledgerOptions } from '../wiring.ts'
import { serverStanding } from './health.ts'
import { indented, print } from './output.ts'

/** Everything an operator would check. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check everything an operator would, and say what to do')
    .option('--json')
    .action(async ({ json }: { json?: boolean }) => {
      const report = await examine()
      print(json, report, describe(report))
      if (!report.ok) process.exitCode = 1
    })
}

/** Settings that are none are what a doctor is asked about, so they are a finding and no misuse. */
async function examine(): Promise<DoctorReport> {
  try {
    const config = readConfig(environment())
    return await doctorReport({
      config,
      folders: ledgerOptions(config),
      server: await standing(config),
    })
  } catch (error) {
    if (error instanceof ConfigMistakes) return withoutConfig(error.mistakes)
    throw error
  }
}

/** That a site is stuck is a finding. */
async function standing(config: Config): Promise<Standing> {
  try {
    return await serverStanding(config)
  } catch (error) {
    if (error instanceof Silent) return { running: true, trouble: null, silence: error.message }
    throw error
  }
}

const signs: Readonly<Record<Finding['state'], string>> = { well: 'well', watch: 'WATCH', wrong: 'WRONG' }
const margin = 17

function describe({ findings }: DoctorReport): string[] {
  const how = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length
  const [wrong, watched] = [how('wrong'), how('watch')]
  return [
    ...findings.flatMap(({ check, state, what, remedy }) => [
      `${signs[state].padEnd(6)} ${check.padEnd(9)} ${indented(what, margin)}`,
      ...(remedy === undefined ? [] : [`${' '.repeat(margin - 3)}-> ${indented(remedy, margin)}`]),
    ]),
    wrong + watched === 0 ? 'All is well.' : `Wrong: ${wrong}. To watch: ${watched}.`,
  ]
}
