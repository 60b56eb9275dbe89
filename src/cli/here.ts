import type { Config } from '../config.ts'
import { askServer, type Request } from '../ledger/control.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { forOperator } from '../operator.ts'
import { rebuildBeside } from '../rebuild-beside.ts'
import { ledgerOptions } from '../wiring.ts'
import { openForCommand } from './record.ts'

/** Has the running server do it, or takes the lock and does it here. Throws a Refusal that an operator understands. */
export async function byServerOrHere<Result>(
  config: Config,
  request: Request,
  work: (ledger: Ledger) => Promise<Result>,
  onProgress: (progress: unknown) => void = () => {},
): Promise<Result> {
  const answered = await askServer(config.cacheDir, request, onProgress)
  // The server is of this project: what it answers is what the work answers.
  if (answered) return answered.result as Result
  const ledger = await openForCommand({ ...ledgerOptions(config), rebuild: rebuildBeside(), onProgress })
  try {
    return await forOperator(ledger, () => work(ledger))
  } finally {
    await ledger.close()
  }
}
