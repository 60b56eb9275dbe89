import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Difference } from '../archive/difference.ts'
import { type Config, environment, readConfig } from '../config.ts'
import { operator } from '../kernel/actor.ts'
import type { Trouble } from '../ledger/standing.ts'
import { type EditRequest, performEdit } from '../operations/edit-requests.ts'
import { type AcceptedFile, editOperations, type Mended, type RestoredFile } from '../operations/edits.ts'
import { type EditedFile, type EditsReport, editsReport } from '../reports/edits.ts'
import { ledgerOptions } from '../wiring.ts'
import { byServerOrHere } from './here.ts'
import { print, requireArchive, UsedWrongly } from './output.ts'

interface Json {
  json?: boolean
}

/** What somebody changed in the text by hand, and the two ways out. */
export function addEditCommands(program: Command): void {
  const edits = program
    .command('edits')
    .description('what somebody changed in the text by hand, and how to go on')
    .option('--json')
    .action(async ({ json }: Json) => {
      const config = readConfig(environment())
      const report = await reportOf(config)
      print(json, report, describe(report))
      if (report.files.length > 0) process.exitCode = 1
    })

  edits
    .command('accept <file>')
    .description('let a file stay as it was edited: recorded for ever, and every cache is made anew')
    .option('--yes', 'the difference was read')
    .option('--json')
    .action(async (file: string, { yes }: { yes?: boolean }, command: Command) => {
      const config = readConfig(environment())
      if (!yes)
        throw new UsedWrongly(
          `${describe(await reportOf(config)).join('\n')}\nNothing was changed. What is accepted stays for ever: add --yes.`,
        )
      const done = (await ask(config, { name: 'acceptEdits', file })) as AcceptedFile
      const words = done.records === 1 ? 'One record stays' : `${done.records} records stay`
      print(isJson(command), done, [`${words} as edited in ${done.file}.`, ...goesOn(done)])
    })

  edits
    .command('restore <file>')
    .description('put a file back from the newest backup that has it as it was written')
    .option('--from <dir>', 'a backup, or a copy of the archive, instead of those in BACKUP_DIR')
    .option('--json')
    .action(async (file: string, { from }: { from?: string }, command: Command) => {
      const config = readConfig(environment())
      const folder = from === undefined ? undefined : folderAt(from)
      const done = (await ask(config, { name: 'restoreMonth', file, from: folder })) as RestoredFile
      print(isJson(command), done, [
        `${done.file} is as it was written, from ${done.from}.`,
        ...(done.kept ? [`What stood there is kept in ${done.kept}.`] : []),
        ...goesOn(done),
      ])
    })

  edits
    .command('look-again')
    .description('judge the whole text again and, when all is well, go on writing without a restart')
    .option('--json')
    .action(async (_: Json, command: Command) => {
      const done = await ask(readConfig(environment()), { name: 'lookAgain' })
      print(isJson(command), done, goesOn(done))
    })
}

/** `--json` may stand on either side of the second word. */
const isJson = (command: Command) => command.optsWithGlobals<Json>().json

function folderAt(given: string): string {
  const folder = resolve(given)
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UsedWrongly(`There is no folder ${folder}.`)
  return folder
}

function goesOn({ trouble }: { readonly trouble: Trouble | null }) {
  if (trouble) process.exitCode = 1
  return [trouble ? `Nothing can be saved yet: ${trouble.sentence}` : 'Writing goes on.']
}

const reportOf = (config: Config): Promise<EditsReport> =>
  editsReport({ ...ledgerOptions(config), copies: [config.backupDir] })

async function ask(config: Config, request: EditRequest): Promise<Mended> {
  requireArchive(config)
  const { name, ...input } = request
  return byServerOrHere(config, { name, input }, (ledger) => {
    const ways = editOperations(ledger, ledgerOptions(config))
    return performEdit(ways, operator, request)
  })
}

function describe({ files }: EditsReport): string[] {
  if (files.length === 0)
    return ['Nobody changed the text: every record is as it was written, or as it was accepted.']
  return files.flatMap((file) => [...describeFile(file), ''])
}

function describeFile({
  file,
  edits,
  wrong,
  isAcceptable,
  isTail,
  copy,
  unfit,
  differences,
  more,
}: EditedFile) {
  const edited = edits.map(({ record }) => record).join(', ')
  return [
    ...(edits.length > 0 ? [`${file}: edited by hand: record ${edited}.`] : []),
    ...(wrong ? [`${file}: ${wrong}`] : []),
    ...(copy ? [`Beside it as ${copy} has it:`] : ['No backup has it as it was written.', ...unfit]),
    ...differences.flatMap(describeDifference),
    ...(more > 0 ? [`… and ${more} more records.`] : []),
    ...(isTail
      ? ['Nobody was told that this was saved: ./thywill edits look-again puts it into quarantine/.']
      : []),
    ...(copy ? [`To put it back: ./thywill edits restore ${file}`] : []),
    ...(isAcceptable ? [`To let it stay as it stands: ./thywill edits accept ${file} --yes`] : []),
    ...(copy || isAcceptable || isTail
      ? []
      : ['It cannot be accepted. Look for a copy: ./thywill edits restore … --from DIR']),
  ]
}

/** So many lines are shown of a record. */
const most = 60

function describeDifference({ record, line, lines }: Difference) {
  const rest = lines.length - most
  return [
    record === 0 ? `  line ${line}` : `  record ${record}, line ${line}`,
    ...lines.slice(0, most).map((one) => `  ${one[0]} ${visible(one.slice(1))}`),
    ...(rest > 0 ? [`    … and ${rest} more lines`] : []),
  ]
}

/** What an edited text holds must not steer the terminal that shows it. */
const visible = (line: string) =>
  line.replace(
    /[^\P{Cc}\t]|[\u202a-\u202e\u2066-\u2069]/gu,
    (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`,
  )
